"""Language: other languages are seen, German in all its forms stays German."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rmtext.language import looks_foreign

FOREIGN = [
    "The meetings were well organised and I learned a lot.",
    "I really enjoyed working with my mentor.",
    "More time for the meetings would be nice.",
    "Nothing to complain about, great programme!",
    "My manager never showed up to our sessions.",
    "Good communication, friendly people, interesting topics.",
    "Too much work and not enough time for it.",
    "I would recommend this to every colleague.",
    "We need better support from the organisers.",
    "It was a waste of time, to be honest.",
    "Please improve the onboarding for new employees.",
    "thanks for everything, see you next year",
    "Working from home should be allowed more often.",
    "Les réunions étaient bien organisées et très utiles.",
    "J'ai beaucoup appris avec mon mentor.",
    "Il faudrait plus de temps pour les échanges.",
    "Je recommande ce programme à tous mes collègues.",
    "Le responsable n'était jamais disponible.",
    "Une très bonne ambiance dans l'équipe, merci.",
    "Las reuniones fueron muy útiles para mí.",
    "He aprendido mucho de mi compañero.",
    "Necesitamos más tiempo para las sesiones.",
    "El jefe nunca tenía tiempo para nosotros.",
    "Un programa excelente, lo recomiendo a todos.",
    "Falta comunicación entre los departamentos.",
    "Gli incontri erano ben organizzati e molto utili.",
    "Ho imparato tantissimo dal mio collega.",
    "Vorrei avere più tempo per il programma.",
    "Il capo non era mai disponibile per noi.",
    "Un'esperienza bellissima, da ripetere sicuramente.",
    "De bijeenkomsten waren goed georganiseerd.",
    "Ik heb heel veel geleerd van mijn mentor.",
    "Er was te weinig tijd voor de gesprekken.",
    "Ik zou dit programma iedereen aanraden.",
    "Mijn leidinggevende had nooit tijd voor ons.",
    "Spotkania były dobrze zorganizowane i ciekawe.",
    "Bardzo dużo się nauczyłem od mojego mentora.",
    "Potrzebujemy więcej czasu na rozmowy.",
    "Szef nigdy nie miał dla nas czasu.",
    "Polecam ten program wszystkim kolegom.",
    "Toplantılar çok iyi organize edilmişti.",
    "Mentorumdan çok şey öğrendim, teşekkürler.",
    "Görüşmeler için daha fazla zaman lazım.",
    "Yöneticimiz bize hiç zaman ayırmadı.",
    "Bu programı herkese tavsiye ederim.",
    "As reuniões foram muito bem organizadas.",
    "Aprendi muito com o meu colega.",
    "Întâlnirile au fost foarte bine organizate.",
    "Am învățat foarte multe lucruri noi.",
    "Sastanci su bili dobro organizirani i korisni.",
    "Naučio sam puno od svog mentora.",
    "Setkání byla velmi dobře připravená.",
    "A találkozók nagyon jól szervezettek voltak.",
    "Встречи были очень хорошо организованы.",
    "Я многому научился у своего наставника.",
    "Зустрічі були дуже корисними для мене.",
    "Οι συναντήσεις ήταν πολύ χρήσιμες.",
    "كانت الاجتماعات منظمة بشكل جيد جدا",
    "会议组织得很好，我学到了很多东西。",
    "Takimet ishin shumë të organizuara mirë.",
]
GERMAN = [
    "Der Workflow im Onboarding war top, das Team super supportive.",
    "Learning by doing war das Motto.",
    "Meetings, Meetings, Meetings.",
    "Workload zu hoch, Payment mies, Management planlos",
    "Social Media, Content Creation und Community Management gelernt",
    "Feedback geben, Small Talk, Storytelling",
    "I moan, des hod scho passt mit dera Mentorin.",
    "Mei Chef is a ganz a Netter, hob vui glernt.",
    "Dat war allens bannig goot organiseert hier.",
    "Isch hab do net viel mitgenomme, ehrlisch gsagt.",
    "Hät mer guet gfalle, gern wieder.",
    "Zeit zu knapp, Raum zu klein, Technik alt",
    "mehr zeit fuer treffen waere schoen",
    "Kick-off, Midterm Review und Wrap-up waren gut vorbereitet.",
    "Homeoffice, Jobrad, Firmenhandy, Kantine",
    "TikTok, Instagram, LinkedIn und ChatGPT",
    "Best Team ever, danke für alles!",
    "Alles prima, weiter so, danke!",
    "Azubi-Speed-Dating mit dem Vorstand",
    "Frau Kowalczyk und Herr Öztürk haben toll erklärt",
]


def test_other_languages_are_seen() -> None:
    missed = [text for text in FOREIGN if not looks_foreign(text)]
    assert len(missed) <= len(FOREIGN) // 20, missed


def test_german_stays_german() -> None:
    assert [text for text in GERMAN if looks_foreign(text)] == []


@pytest.mark.parametrize(
    "text", ["", " ", "Nice work!", "Thank you so", "top", "12 34 56 78", "!!! ??? ... ---", "👍👍👍👍"]
)
def test_too_little_to_tell_is_german(text: str) -> None:
    assert not looks_foreign(text)


def test_one_word_of_chinese_is_a_sentence() -> None:
    assert looks_foreign("会议组织得很好")


def test_the_beginning_of_a_long_text_decides() -> None:
    assert looks_foreign("The meetings were well organised. " * 30_000)
    assert not looks_foreign("Die Treffen waren gut organisiert. " * 30_000)


@given(st.text(max_size=80))
def test_any_text_gets_an_answer(text: str) -> None:
    assert looks_foreign(text) in (True, False)

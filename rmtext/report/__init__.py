"""The report: codings and quotes → findings, charts and quotes in one file."""

from rmtext.report.build import build_report
from rmtext.report.html import check_target, write_html
from rmtext.report.model import Report

__all__ = ["Report", "build_report", "check_target", "write_html"]

"""Addresses below ``/api/v1/projects/``."""

from __future__ import annotations

from django.urls import path

from milestones.api.milestones import MilestoneDetail, MilestoneList
from milestones.api.projects import PlanDetail, PlanText, ProjectDetail, ProjectList
from vimagetrack.api import converters as _converters  # noqa: F401  # makes <apiname:> known

urlpatterns = [
    path("", ProjectList.as_view(), name="projects"),
    path("<apiname:slug>/", ProjectDetail.as_view(), name="project"),
    path("<apiname:slug>/plan/", PlanDetail.as_view(), name="plan"),
    path("<apiname:slug>/plan.toml", PlanText.as_view(), name="plan-toml"),
    path("<apiname:slug>/milestones/", MilestoneList.as_view(), name="milestones"),
    path("<apiname:slug>/milestones/<apiname:milestone>/", MilestoneDetail.as_view(), name="milestone"),
]

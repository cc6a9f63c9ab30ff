"""Addresses of projects and plans.

``reviews.urls`` puts them under the namespace ``projects`` together with the pages that show reviews beside a
project: one namespace cannot be included twice.
"""

from __future__ import annotations

from django.urls import path

from milestones.views import plans, projects

patterns = [
    path("", projects.project_list, name="list"),
    path("new/", projects.project_create, name="create"),
    path("p/<slug:slug>/plan/", plans.plan_show, name="plan"),
    path("p/<slug:slug>/plan/v<int:number>/", plans.plan_show, name="plan-version"),
    path("p/<slug:slug>/plan/edit/", plans.plan_edit, name="plan-edit"),
    path("p/<slug:slug>/plan.toml", plans.plan_toml, name="plan-toml"),
]

"""The tables of this room: answers and ratings, alerts, safety plans, links, and what courses like this one have done."""

from outcomes.models.alerts import ActKind, Alert, AlertAct, AlertKind, AlertTold
from outcomes.models.answers import MEASURES, Came, ClinicWording, GoalRating, Response
from outcomes.models.expected import Considered, ExpectedBand, ExpectedModel, Signal
from outcomes.models.links import EndReason, Link, LinkVisit
from outcomes.models.plans import SafetyPlan, SafetyPlanCopy

__all__ = [
    "MEASURES",
    "ActKind",
    "Alert",
    "AlertAct",
    "AlertKind",
    "AlertTold",
    "Came",
    "ClinicWording",
    "Considered",
    "EndReason",
    "ExpectedBand",
    "ExpectedModel",
    "GoalRating",
    "Link",
    "LinkVisit",
    "Response",
    "SafetyPlan",
    "SafetyPlanCopy",
    "Signal",
]

"""What people call the rows that the apps above the lead database hang on a lead."""

from django.utils.translation import gettext_lazy as _

from leads.naming import Names

NAMES: Names = {
    "capture.Submission": _("answers in forms"),
    "funnel.Assignment": _("assignments by routing"),
    "funnel.ChecklistItem": _("onboarding steps"),
    "funnel.ClosedCycle": _("closed cycles"),
    "funnel.Customer": _("being a customer without a company"),
    "funnel.Handover": _("handovers to closers"),
    "funnel.NextStep": _("agreed next steps"),
    "funnel.NurturingReturn": _("returns from nurturing"),
    "funnel.Renewal": _("renewals"),
    "funnel.Training": _("training content given to them"),
    "funnel.TrainingLetter": _("emails with training content"),
    "funnel.Wait": _("waiting for somebody to take them"),
    "nurturing.Enrolment": _("times in a sequence"),
    "nurturing.Link": _("links in emails"),
    "nurturing.Message": _("emails of sequences"),
    "scoring.CarryOver": _("points carried over"),
    "scoring.Hit": _("reasons of the score"),
    "scoring.LeadScore": _("the score itself"),
    "scoring.ModelScore": _("scores beside the main one"),
    "scoring.ScoreChange": _("changes of the score"),
    "scoring.SimulatedLead": _("what a draft would make of them"),
    "sla.Clock": _("response times"),
}

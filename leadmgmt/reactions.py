"""Who reacts to what: the one table of everything that happens by itself.

Read it beside `urls.py`. *now* runs in the event's own transaction, *later* in a worker, exactly
once. Call down, announce up: an event comes from below the app that reacts.
"""

import capture.reactions
import funnel.reactions
import leads.reactions
import nurturing.reactions
import scoring.reactions
import sla.reactions
from capture.events import FormsSubmitted, ImportsMoved
from funnel.events import (
    CompanyRulesPublished,
    CustomersWon,
    DealsReopened,
    DealsWon,
    DefinitionsPublished,
    HealthAsked,
    HealthPublished,
    HealthSwitchedOff,
    LeadsAttempted,
    RoutingPublished,
    StagesEntered,
    TrainingLettersBounced,
)
from leadmgmt.kernel.events import Table, later, now
from leadmgmt.workspaces.events import StaffChanged, TimeZonesChanged, WorkspacesCreated
from leads.events import (
    ActivitiesRecorded,
    BulkActionsMoved,
    CompaniesChanged,
    ConsentsChanged,
    LeadsChanged,
    LeadsCreated,
    LeadsPutBack,
    LeadsRemoved,
    OwnersChanged,
    SearchesMoved,
    SegmentsAdvanced,
    SegmentsEntered,
    SegmentsLeft,
    StandingsChanged,
    TagsChanged,
)
from scoring.events import (
    BackTestsMoved,
    ChancesMoved,
    LeadsReleased,
    LeadsScored,
    MeasurementsAdvanced,
    RadiiMoved,
    RecomputesAdvanced,
    ReleasesMoved,
    SimulationsMoved,
    TrainingsMoved,
)

TABLE: Table = {
    WorkspacesCreated: [
        now(leads.reactions.offer_task_kinds),
        now(funnel.reactions.start_funnel),
        now(scoring.reactions.begin_scoring),
        now(sla.reactions.promise_something),
        now(nurturing.reactions.write_first_sequence),
    ],
    TimeZonesChanged: [
        later(scoring.reactions.recount_days),
        later(leads.reactions.move_days),
    ],
    LeadsCreated: [
        later(leads.reactions.keep_created),
        later(scoring.reactions.rescore_known),
        later(scoring.reactions.predict_known),
        later(funnel.reactions.place_companies),
        later(leads.reactions.look_for_doubles),
    ],
    LeadsChanged: [
        now(funnel.reactions.arrange_queue),
        later(leads.reactions.keep_changed),
        later(scoring.reactions.rescore_known),
        later(scoring.reactions.predict_known),
        later(funnel.reactions.place_companies),
        later(funnel.reactions.promote_changed),
        later(leads.reactions.look_for_doubles),
    ],
    StandingsChanged: [
        now(funnel.reactions.arrange_scored),
        now(funnel.reactions.keep_placed),
        later(leads.reactions.keep_standing),
    ],
    OwnersChanged: [
        now(funnel.reactions.arrange_given),
        later(funnel.reactions.promote_given),
    ],
    CompaniesChanged: [
        now(funnel.reactions.keep_companies),
        later(leads.reactions.keep_employed),
        later(scoring.reactions.rescore_employed),
    ],
    TagsChanged: [
        later(leads.reactions.keep_tagged),
        later(scoring.reactions.rescore_sorted),
    ],
    ConsentsChanged: [
        later(leads.reactions.keep_agreeing),
        later(scoring.reactions.rescore_sorted),
    ],
    LeadsRemoved: [
        now(funnel.reactions.ask_without),
        later(leads.reactions.count_without_removed),
    ],
    LeadsPutBack: [
        later(leads.reactions.count_with_put_back),
    ],
    SegmentsEntered: [
        now(funnel.reactions.ask_health),
    ],
    SegmentsLeft: [
        now(funnel.reactions.ask_health),
    ],
    SegmentsAdvanced: [
        later(leads.reactions.ask_further),
    ],
    SearchesMoved: [
        later(leads.reactions.search_further),
    ],
    BulkActionsMoved: [
        later(leads.reactions.act_further),
    ],
    ImportsMoved: [
        later(capture.reactions.import_next_chunks),
    ],
    ActivitiesRecorded: [
        later(leads.reactions.keep_active),
        later(scoring.reactions.rescore_active),
        later(scoring.reactions.predict_active),
    ],
    LeadsScored: [
        later(funnel.reactions.promote_qualified),
    ],
    LeadsReleased: [
        now(funnel.reactions.promote_released),
    ],
    ReleasesMoved: [
        later(scoring.reactions.release_further),
    ],
    RadiiMoved: [
        later(scoring.reactions.foresee_further),
    ],
    RecomputesAdvanced: [
        later(scoring.reactions.advance),
    ],
    TrainingsMoved: [
        later(scoring.reactions.train_further),
    ],
    ChancesMoved: [
        later(scoring.reactions.predict_further),
    ],
    SimulationsMoved: [
        later(scoring.reactions.simulate_further),
    ],
    BackTestsMoved: [
        later(scoring.reactions.back_test_further),
    ],
    MeasurementsAdvanced: [
        later(scoring.reactions.count_further),
    ],
    StagesEntered: [
        now(sla.reactions.watch_first_response),
        now(funnel.reactions.arrange_queue),  # after the clocks, whose deadlines it reads
        later(nurturing.reactions.enrol_entered),
        later(funnel.reactions.route_entered),
    ],
    StaffChanged: [
        later(funnel.reactions.route_again),
    ],
    DealsWon: [
        now(funnel.reactions.settle_renewals),
    ],
    DealsReopened: [
        now(funnel.reactions.unsettle_renewals),
    ],
    CustomersWon: [
        now(funnel.reactions.start_onboarding),
        later(funnel.reactions.judge_new),
    ],
    TrainingLettersBounced: [
        now(nurturing.reactions.note_bounced),
    ],
    RoutingPublished: [
        later(funnel.reactions.apply_routing),
    ],
    HealthAsked: [
        later(funnel.reactions.judge_asked),
    ],
    HealthPublished: [
        later(funnel.reactions.judge_all),
    ],
    HealthSwitchedOff: [
        later(funnel.reactions.clear_health),
    ],
    DefinitionsPublished: [
        later(funnel.reactions.apply_definitions),
    ],
    CompanyRulesPublished: [
        later(funnel.reactions.place_all_companies),
    ],
    FormsSubmitted: [
        later(nurturing.reactions.enrol_submitted),
    ],
    LeadsAttempted: [
        now(sla.reactions.stop_answered),
        now(funnel.reactions.arrange_queue),  # after the clocks
    ],
}

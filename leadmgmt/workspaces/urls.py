"""Pages inside a workspace."""

from django.urls import path

from leadmgmt.workspaces.views import absences, keys, members, notices, settings, teams

app_name = "workspaces"
urlpatterns = [
    path("members/", members.member_list, name="member_list"),
    path("members/invite/", members.invite, name="invite"),
    path("members/<uuid:id>/role/", members.change_role, name="change_role"),
    path("members/<uuid:id>/remove/", members.remove, name="remove_member"),
    path("members/<uuid:id>/readmit/", members.readmit, name="readmit_member"),
    path("members/<uuid:id>/keys/", members.member_keys, name="member_keys"),
    path("members/<uuid:id>/hours/", absences.member_hours, name="member_hours"),
    path("teams/", teams.team_list, name="team_list"),
    path("teams/new/", teams.team_add, name="team_add"),
    path("teams/<uuid:id>/", teams.team, name="team"),
    path("teams/<uuid:id>/hours/", absences.team_hours, name="team_hours"),
    path("teams/<uuid:id>/retire/", teams.team_retire, name="team_retire"),
    path("teams/<uuid:id>/restore/", teams.team_restore, name="team_restore"),
    path("absences/", absences.absence_list, name="absence_list"),
    path("absences/<uuid:id>/end/", absences.absence_end, name="absence_end"),
    path("invitations/<uuid:id>/renew/", members.renew, name="renew_invitation"),
    path("invitations/<uuid:id>/withdraw/", members.withdraw, name="withdraw_invitation"),
    path("keys/", keys.key_list, name="key_list"),
    path("keys/<uuid:id>/revoke/", keys.revoke, name="revoke_key"),
    path("notices/", notices.notice_list, name="notice_list"),
    path("notices/seen/", notices.notices_seen, name="notices_seen"),
    path("notices/mail/", notices.notices_mail, name="notices_mail"),
    path("notices/<uuid:id>/", notices.notice_open, name="notice_open"),
    path("settings/", settings.settings, name="settings"),
    path("stuck-work/", settings.stuck_work, name="stuck_work"),
]

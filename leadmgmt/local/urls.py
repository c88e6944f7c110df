from django.urls import path

from leadmgmt.local import mailbox

app_name = "local"
urlpatterns = [
    path("", mailbox.letter_list, name="letter_list"),
    path("<slug:name>/", mailbox.letter, name="letter"),
    path("<slug:name>/html/", mailbox.letter_html, name="letter_html"),
]

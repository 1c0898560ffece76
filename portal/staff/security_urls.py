from django.urls import path

from portal.staff.views import security

app_name = "security"
urlpatterns = [path("", security.policy, name="policy")]

"""22. Nov. 2026, 10:42. The day and its month stay on one line."""

DATE_FORMAT = SHORT_DATE_FORMAT = "j.\u00a0N Y"
TIME_FORMAT = "H:i"
DATETIME_FORMAT = SHORT_DATETIME_FORMAT = "j.\u00a0N Y, H:i"

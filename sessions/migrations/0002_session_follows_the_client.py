from django.db import migrations


class Migration(migrations.Migration):
    """A session's client is its course's, and follows it when two clients are merged."""

    dependencies = [("therapy_sessions", "0001_session_and_note")]

    operations = [
        migrations.RunSQL(
            """
            ALTER TABLE therapy_sessions_therapysession ADD CONSTRAINT session_follows_the_client
              FOREIGN KEY (course_id, client_id) REFERENCES courses_course (id, client_id) ON UPDATE CASCADE
            """,
            "ALTER TABLE therapy_sessions_therapysession DROP CONSTRAINT session_follows_the_client",
        ),
    ]

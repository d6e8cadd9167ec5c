import uuid

import django.utils.timezone
from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('staff', '0001_people_and_rooms'),
    ]

    operations = [
        migrations.CreateModel(
            name='OutgoingMail',
            fields=[
                ('id', models.UUIDField(default=uuid.uuid4, editable=False, primary_key=True, serialize=False)),
                ('to', models.EmailField(max_length=254)),
                ('subject', models.CharField(max_length=200)),
                ('body', models.TextField(blank=True)),
                ('urgent', models.BooleanField(default=False, help_text='Sent before all others.')),
                ('created_at', models.DateTimeField(default=django.utils.timezone.now, editable=False)),
                ('sent_at', models.DateTimeField(editable=False, null=True)),
                ('given_up_at', models.DateTimeField(editable=False, null=True)),
                ('tries', models.PositiveIntegerField(default=0, editable=False)),
                ('last_error', models.CharField(blank=True, editable=False, max_length=120)),
            ],
            options={
                'verbose_name_plural': 'outgoing mail',
                'ordering': ('-urgent', 'tries', 'created_at', 'id'),
                'indexes': [models.Index(condition=models.Q(('given_up_at', None), ('sent_at', None)), fields=['created_at'], name='mail_that_waits')],
                'constraints': [
                    models.CheckConstraint(condition=models.Q(('sent_at', None), ('given_up_at', None), _connector='OR'), name='mail_is_sent_or_given_up', violation_error_message='A mail is sent or given up, not both.'),
                    models.CheckConstraint(condition=models.Q(models.Q(('given_up_at', None), ('sent_at', None)), ('body', ''), _connector='OR'), name='mail_that_is_done_holds_no_words', violation_error_message='Once a mail is sent its words are taken away.'),
                ],
            },
        ),
    ]

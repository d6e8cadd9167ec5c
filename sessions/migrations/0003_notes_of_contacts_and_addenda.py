import uuid

import django.db.models.deletion
import django.utils.timezone
from django.conf import settings
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [
        ('courses', '0001_course'),
        ('therapy_sessions', '0002_session_follows_the_client'),
    ]

    operations = [
        migrations.AddField(
            model_name='note',
            name='adds_to',
            field=models.ForeignKey(editable=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='addenda', to='therapy_sessions.note'),
        ),
        migrations.AddField(
            model_name='note',
            name='carried_from',
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='note',
            name='edits',
            field=models.PositiveBigIntegerField(db_default=0, default=0, editable=False),
        ),
        migrations.AddField(
            model_name='note',
            name='happened_at',
            field=models.DateTimeField(editable=False, null=True, verbose_name='when'),
        ),
        migrations.AddField(
            model_name='note',
            name='how',
            field=models.CharField(blank=True, choices=[('phone', 'Phone'), ('message', 'Text message'), ('email', 'Email'), ('letter', 'Letter'), ('video', 'Video'), ('in_person', 'In person')], db_default='', default='', max_length=10),
        ),
        migrations.AddField(
            model_name='note',
            name='kind',
            field=models.CharField(choices=[('session', 'Session note'), ('contact', 'Contact note'), ('addendum', 'Addendum')], db_default='session', default='session', editable=False, max_length=10),
        ),
        migrations.AddField(
            model_name='note',
            name='needs_cosign',
            field=models.BooleanField(db_default=False, default=False, editable=False),
        ),
        migrations.AddField(
            model_name='note',
            name='reason',
            field=models.TextField(blank=True, db_default='', default='', verbose_name='why it was added'),
        ),
        migrations.AddField(
            model_name='note',
            name='who',
            field=models.CharField(blank=True, db_default='', default='', max_length=120, verbose_name='their name'),
        ),
        migrations.AddField(
            model_name='note',
            name='window',
            field=models.UUIDField(editable=False, null=True),
        ),
        migrations.AddField(
            model_name='note',
            name='with_whom',
            field=models.CharField(blank=True, choices=[('client', 'The client'), ('family', 'Family or friend'), ('gp', 'GP or practice'), ('professional', 'Another professional'), ('emergency', 'Emergency or crisis service'), ('other', 'Somebody else')], db_default='', default='', max_length=12),
        ),
        migrations.AlterField(
            model_name='note',
            name='session',
            field=models.OneToOneField(error_messages={'unique': 'Somebody else has an unsigned draft of this session.'}, null=True, on_delete=django.db.models.deletion.PROTECT, related_name='note', to='therapy_sessions.therapysession'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('adds_to', None), ('happened_at', None), ('kind', 'session'), ('session__isnull', False)), models.Q(('adds_to', None), ('kind', 'contact'), ('session', None)), models.Q(('adds_to__isnull', False), ('happened_at', None), ('kind', 'addendum'), ('session', None)), _connector='OR'), name='note_is_of_its_kind', violation_error_message='A note is of a session, of a contact, or adds to a signed note.'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'contact'), _negated=True), ('signed_at', None), models.Q(('happened_at__isnull', False), ('how__in', ['phone', 'message', 'email', 'letter', 'video', 'in_person']), ('with_whom__in', ['client', 'family', 'gp', 'professional', 'emergency', 'other'])), _connector='OR'), name='signed_contact_says_when_and_with_whom', violation_error_message='A contact note says when, with whom and how.'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('kind', 'addendum'), _negated=True), ('signed_at', None), models.Q(('reason', ''), _negated=True), _connector='OR'), name='signed_addendum_says_why', violation_error_message='An addendum says why it was needed.'),
        ),
        migrations.AddConstraint(
            model_name='note',
            constraint=models.CheckConstraint(condition=models.Q(('signed_at__isnull', False), ('needs_cosign', False), _connector='OR'), name='a_draft_awaits_no_cosign', violation_error_message='A note is put forward for co-signing when it is signed.'),
        ),
    ]

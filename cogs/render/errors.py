"""A refusal's code as one sentence that says what went wrong and what to do next. Every code has its sentence here."""

from cogs.render.card import Card, Field, Tone
from cogs.render.inert import inert, shortened
from cogs.render.words import EVENT_NAMES, EVENT_STATE_NAMES, PHASE_NAMES, REPORT_STATE_NAMES, TASK_STATE_NAMES, when
from cogs.text import N_, Locale
from domain.capabilities import Capability
from domain.errors import OpsError
from domain.returns import ReturnState
from domain.statements import DraftState
from domain.when import When

TYPED_SHOWN = 1000
CAPABILITY_NAMES = {
    Capability.READ: N_("read"),
    Capability.OPERATE: N_("operate (missions, crew, docking, announcements)"),
    Capability.PAD: N_("pad (damage and repairs)"),
    Capability.APPROVE: N_("approve (second person)"),
    Capability.MEDICAL: N_("medical"),
    Capability.ADMIN: N_("admin"),
}
_WHEN_FORMS = N_(
    "Try `2026-07-27`, `2026-07-27 10:30`, `12:28 MSK`, `2026-07`, `Q3 2026`, `NET 2026-03-22`, `in 3 days`, `+2h` or `unknown`."
)

SENTENCES = {
    # What was typed.
    "text_empty": N_("`{what}` is empty once invisible characters are left out. Type at least one visible character."),
    "text_too_long": N_("`{what}` has {length} characters; at most {limit} fit. Shorten it."),
    "name_without_letters": N_("`{what}` needs at least one letter or digit, so that it can be found again. Add one."),
    "when_unclear": N_("“{raw_text}” is not a time I can read. {forms}"),
    "when_impossible": N_("“{raw_text}” does not exist in the calendar or on the clock. {forms}"),
    "when_out_of_range": N_("That date is outside the years {earliest} to {latest}. Check the year."),
    "zone_unknown": N_("I do not know the time zone “{zone_text}”. Use UTC, MSK, an offset like +03:00, or a name like `Europe/Moscow`."),
    "instant_needs_time": N_("“{raw_text}” is not exact enough for something that happened. Give a date and a time of day, such as `2025-11-27 12:34` or `12:34`."),
    "instant_in_future": N_("“{raw_text}” lies ahead of now. Something that happened needs a time in the past; to plan it, use `/mission plan` or `/mission move`."),
    "reminder_unclear": N_("“{raw_text}” is not a time I can remind you at. Try `in 20 minutes`, `18:30`, `tomorrow 9:00`, `monday 14:00`, `next friday 9am`, `2026-07-27 10:30` or `12:28 MSK`."),
    "reminder_in_past": N_("“{raw_text}” has passed already. Give a time that lies ahead."),
    "reminder_too_far": N_("That is more than {years} years ahead. Give a nearer time."),
    "zone_needed": N_("I do not know your time zone yet. Set it with `/remind zone`, or name one with the time, such as `18:30 MSK`; then try again."),
    "reminder_unknown": N_("There is no reminder {raw_text} of yours here. `/remind list` shows yours."),
    "reminder_over": N_("{reminder} is not waiting any more: it has come, or was cancelled. `/remind list` shows what is still to come."),
    "reminder_cancelled": N_("{reminder} was cancelled, so it does not come again. `/remind me` sets another."),
    "too_many_reminders": N_("At most {limit} of a member's reminders can wait at once. End one with `/remind cancel`; `/remind list` shows them."),
    "dm_not_opened": N_("Discord did not open our direct messages, so nothing was set. Try again in a moment."),
    "as_of_needs_date": N_("“{raw_text}” is not a date. Say up to which day or time, such as `2025-12-01` or `2025-12-01 09:00`."),
    "as_of_in_future": N_("“{raw_text}” lies ahead of now. `as_of` asks what was recorded in the past; give an earlier time or leave it out."),
    "number_out_of_range": N_("`{what}` must be between {lowest} and {highest}. Give a number in that range."),
    "offset_unclear": N_("“{raw_text}” is not an offset. Write offsets such as `30d 7d 1d 12h 1h 10m 0`, longest first or in any order."),
    "offset_too_long": N_("“{raw_text}” is longer than {days} days. Use a shorter offset."),
    "too_many_offsets": N_("At most {limit} offsets fit one countdown. Leave some out."),
    "event_kind_unknown": N_("“{raw_text}” is not a kind of event. Use launch, docking, relocation, eva, undocking, landing, deorbit or milestone."),
    "event_ambiguous": N_("This mission has several open events called “{raw_text}”. Choose one from the list that appears as you type."),
    "event_reference_unclear": N_("I cannot tell which event “{raw_text}” is. Choose one from the list that appears as you type, or write `mission · event`."),
    "event_reference_unknown": N_("There is no event “{raw_text}” here. Choose one from the list that appears as you type."),
    "number_unclear": N_("“{raw_text}” is not a number for `{what}`. Write it like `{prefix}-3`, or choose one from the list."),
    "filter_never_matches": N_("Nothing under `{topic}` is about a {filter}, so this would never post anything. Leave `{filter}` out, or choose another topic."),
    "choice_unknown": N_("“{raw_text}” is not one of the choices for `{what}`. Use one of: {offered}."),
    "link_unclear": N_("“{raw_text}” is not a link I can keep. Give one that begins with https:// and has no spaces or brackets."),
    "reason_needed": N_("{report} needs a `reason:` for that: it ends it, opens it again or makes it look milder. Give one."),
    "stated_needs_date": N_("“{raw_text}” is no date on which something was said. Give a day, a time or a month, such as `2025-11-27 16:00`; leave it out for now."),
    "stated_in_future": N_("“{raw_text}” lies ahead of now, so nobody has said anything then. Check the date."),
    "forecast_needs_words": N_("That forecast says nothing yet. Give `earliest:`, `latest:` or both as dates, or what was said in words with `note:`."),
    "forecast_latest_open": N_("“No earlier than” belongs into `earliest:`; `latest:` needs a date by which the pad is back."),
    "forecast_ends_first": N_("`latest:` would come before `earliest:`. Check the two dates."),
    "kind_unknown": N_("“{raw_text}” is not a kind of flight. Use crew, cargo or other, separated by commas."),
    "language_unknown": N_("I do not speak “{raw_text}” yet. Choose a language from the list."),
    "too_many_events": N_("A mission keeps at most {limit} events, and what was dropped counts too. Move an open event with `/mission move` instead of planning another."),
    "too_many_ports": N_("A station holds at most {limit} ports. Leave some out."),
    "too_many_spellings": N_("At most {limit} other spellings fit one person. Leave some out."),
    "too_many_components": N_("A pad holds at most {limit} components. Leave some out."),
    "too_many_photos": N_("At most {limit} photos fit one report or inspection. Send the others with a second one."),
    "photo_too_large": N_("That photo is larger than {limit_mb} MB. Send a smaller copy; nothing was recorded yet."),
    "photo_not_a_picture": N_("That file is not a picture I can keep (PNG, JPEG, GIF or WebP). Send it as one of those; nothing was recorded yet."),
    "member_not_fetched": N_("Discord did not tell me what that member may do, so nothing was changed. Try again in a moment."),
    "photo_too_many_pixels": N_("That picture has more than {limit_mp} megapixels. Send a smaller copy; nothing was recorded yet."),
    "photo_too_many_frames": N_("That animation has more than {limit} frames. Send a shorter one, or a single picture; nothing was recorded yet."),
    "photo_not_fetched": N_("Discord did not hand me the photo. Nothing was recorded; send it again."),
    "repair_unchanged": N_("Nothing would change on {task}. Fill in at least one option with something new."),
    "expected_needs_order": N_("`expected` says when a part on order comes. Use it with `state:on_order`, or leave it out."),
    "too_many_materials": N_("A task lists at most {limit} materials. Take one off with `state:not_needed`, or plan a second task."),
    "port_needed": N_("Which port of {station_text}? Record it with `/docking confirm` and `port:`; a relocation with `/docking relocate`."),
    "station_unchanged": N_("{station_text} is already there and nothing new was given. Add `ports:` to extend it."),
    "channel_cannot_post": N_("I cannot post in <#{channel_id}>. Allow me View Channel, Send Messages and Embed Links there, then try again."),
    "channel_without_history": N_("I may not read the history of <#{channel_id}>, and without it I cannot prove that nothing is posted twice. Allow me Read Message History there, then try again."),
    "channel_locked": N_("The thread <#{channel_id}> is locked. Unlock it, or choose another channel."),
    "mention_everyone": N_("I mention one role, never everyone. Choose a role of its own for it."),
    "quiet_hours_empty": N_("Quiet hours would begin and end at {hour}. Give another hour, or `off`."),
    "setting_unknown": N_("There is no setting “{raw_text}”. Use one of: {keys}."),
    "hour_unclear": N_("“{raw_text}” is not a whole hour. Write it like `7` or `07:00`, from 0 to 23; quiet hours also take `off`."),
    "digest_time_unclear": N_("“{raw_text}” is not a time of day. Write it like `09:00`, `9` or `9am`; the zone goes into `timezone`."),
    "span_unclear": N_("“{raw_text}” is not a time I can use. Write it like `10m`, `4h` or `1d`; `off` is for never."),
    "span_too_long": N_("“{raw_text}” is longer than {days} days. Give a shorter time, or `off`."),
    "role_unknown": N_("I cannot tell which role “{raw_text}” is. Mention it, or give its name or id; separate several with commas; `none` is for no role."),
    "too_many_roles": N_("At most {limit} roles can be called in turn. Leave some out."),
    "channel_unknown": N_("I cannot tell which channel “{raw_text}” is. Choose one from the list that appears as you type, or mention it."),
    # What is not there.
    "not_set_up": N_("This server is not set up yet. Someone with Manage Server types `/ops setup` in the channel where I shall report."),
    "member_unknown": N_("That person is not a member of this server, so they may do nothing here. Choose a member from the list."),
    "mission_unknown": N_("There is no mission “{raw_text}” here. `/mission status` shows what there is; `/mission create` adds one."),
    "mission_unknown_near": N_("There is no mission “{raw_text}” here. Did you mean **{near_text}**?"),
    "mission_not_known_then": N_("Nothing about {mission_text} had been recorded by then. Ask for a later time."),
    "pad_unknown": N_("There is no pad “{raw_text}” here. `/pad list` shows what there is; `/pad add` adds one."),
    "pad_unknown_near": N_("There is no pad “{raw_text}” here. Did you mean **{near_text}**?"),
    "pad_not_known_then": N_("Nothing about {pad_text} had been recorded by then. Ask for a later time."),
    "station_unknown": N_("There is no station “{raw_text}” here. `/docking station` adds one."),
    "station_unknown_near": N_("There is no station “{raw_text}” here. Did you mean **{near_text}**?"),
    "station_not_known_then": N_("Nothing about {station_text} had been recorded by then. Ask for a later time."),
    "person_unknown": N_("There is nobody called “{raw_text}” here. `/crew list` shows who flies; `/crew assign` enters somebody."),
    "person_unknown_near": N_("There is nobody called “{raw_text}” here. Did you mean **{near_text}**?"),
    "person_ambiguous": N_("“{raw_text}” could be any of {names_text}. Type more of the name, or choose from the list."),
    "not_on_mission": N_("{person_text} has no seat on {mission_text}. `/crew list` shows who has."),
    "port_unknown": N_("There is no port “{raw_text}”. `/docking ports` shows the ports; `/docking station` adds one."),
    "port_unknown_near": N_("There is no port “{raw_text}”. Did you mean **{near_text}**?"),
    "event_unknown": N_("{mission_text} has no event “{raw_text}”. `/mission plan` adds one."),
    "event_unknown_near": N_("{mission_text} has no event “{raw_text}”. Did you mean **{near_text}**?"),
    "no_pads_yet": N_("There is no pad to report for yet. Someone with the capability pad enters the first with `/pad add`."),
    "report_unknown": N_("There is no damage report “{raw_text}” here. `/pad status` shows the open ones."),
    "assessment_unknown": N_("There is no assessment “{raw_text}” here. `/pad status` shows what was said of each report."),
    "repair_unknown": N_("There is no repair task “{raw_text}” here. `/repair list` shows what there is."),
    "material_unknown": N_("“{raw_text}” is not on the list of this task, so it cannot be taken off. `/repair list` shows what it waits for."),
    "task_not_of_report": N_("{task} is not a task of {report}. A task can only wait for tasks of the same report; `/repair list` shows them."),
    # What contradicts the present state.
    "mission_exists": N_("There is a mission called {mission_text} already (spelling aside). Choose another name."),
    "pad_exists": N_("There is a pad called {pad_text} already (spelling aside). Choose another name."),
    "station_short_taken": N_("Another station is called {short_text} already. Choose another short name."),
    "event_already_planned": N_("This mission has a planned {kind} already. Use `/mission move` to change its date."),
    "event_already_done": N_("The {kind} has happened already. If that was recorded wrongly, `/mission correct` puts it right."),
    "event_not_open": N_("That {kind} is {state}; only an event that is still open can be changed. `/mission correct` puts right what is recorded as having happened; `/mission plan` adds a new one."),
    "order_impossible": N_("The {later} would certainly come before the {earlier}. Check the dates; move the {earlier} first if it has changed."),
    "move_changes_nothing": N_("That is the date it has already. Nothing was changed; to move it, give another date."),
    "date_changed_since": N_("The date of this {kind} has changed since I asked. Record what happened with `/mission done` and `when:`."),
    "due_needs_date": N_("A repair is due by a date; “no earlier than” says nothing about that. Give a day, a month or a time."),
    "not_launched_yet": N_("The {kind} cannot have happened: the launch is not recorded yet. First `/mission done` with `event:launch`."),
    "before_launch": N_("The {kind} cannot have happened before the launch. Check the time."),
    "not_docked": N_("The spacecraft is not docked, so it can neither leave a port nor change it. Record its docking first with `/docking confirm`."),
    "already_docked": N_("The spacecraft is docked already. Record its undocking first."),
    "mission_over": N_("{mission_text} is over ({phase}); its plan can no longer change. If its end was recorded wrongly, `/mission correct` puts that right; otherwise create another with `/mission create`."),
    "mission_without_station": N_("{mission_text} has no destination station, so it has no ports. Name one with `/mission edit` and `station:`."),
    "already_assigned": N_("That person has this seat in this role already. Give another `role:` to change it; `/crew list` shows who flies."),
    "no_seat_left": N_("All {seats} seats of {mission_text} are taken. Free one with `/crew remove`, or raise their number with `/mission edit` and `seats:`."),
    "no_seat_down": N_("All {seats} seats down on {mission_text} are taken. `/crew return` gives one of those people another ride first."),
    "two_flights": N_("{person_text} cannot be on {mission_text} and {other_text}: the two stays certainly overlap. If only the way down is meant, use `/crew return`; otherwise move the dates or `/crew remove` one seat."),
    "no_way_up": N_("{person_text} has no seat up on any mission, so there is no stay to bring home. `/crew assign` gives one."),
    "ride_unchanged": N_("That is how {person_text} comes down already. Nothing was changed; to change it, name another mission."),
    "ride_elsewhere": N_("{mission_text} does not fly to the station of {other_text}, so it cannot bring {person_text} down. Choose another ride."),
    "ride_too_early": N_("{mission_text} certainly leaves before {person_text} arrives on {other_text}. Choose a later ride."),
    "spelling_taken": N_("“{spelling_text}” finds {person_text} already, and a spelling finds one person. Choose another; if they are the same person, first `/crew remove` the seats of the one entered by mistake."),
    "person_unchanged": N_("{person_text} is listed so already. Give a new `name:`, `agency:` or `also:`."),
    "already_at_port": N_("{mission_text} is at {port_text} already. Choose another port."),
    "port_occupied": N_("{port_text} is taken by {mission_text} (planned to leave: {until}). Record its departure first, or choose another port."),
    "already_flying": N_("{mission_text} has been launched. What goes wrong now is recorded with `/mission fail`."),
    "already_held": N_("{mission_text} is on hold already. `/mission resume` ends it."),
    "nothing_to_hold": N_("{mission_text} has no planned event that could be held. `/mission plan` adds one."),
    "nothing_held": N_("{mission_text} is not on hold, so there is nothing to resume. `/mission move` changes a date."),
    "launch_failure_needs_outcome": N_("A launch that fails ends the flight: name the `outcome:`, aborted or lost. An attempt that was called off on its pad is a `/mission scrub`; after lift-off, first `/mission done` with `event:launch`."),
    "after_failure": N_("The launch cannot have come after the failure that ended the flight. Check the time."),
    "no_launch_to_scrub": N_("{mission_text} has no open launch to scrub. `/mission plan` with `event:launch` plans one."),
    "launch_is_not_dropped": N_("A launch is not dropped: use `/mission scrub` for this attempt, or `/mission cancel` for the mission."),
    "nothing_to_correct": N_("That {kind} is not recorded as having happened. A planned date is changed with `/mission move`."),
    "correction_changes_nothing": N_("That is the time it is recorded for already. Nothing was changed; to correct it, give another time."),
    "correction_impossible": N_("With that time, the {kind} could not have happened when it is recorded. Check the time, or correct the {kind} first."),
    "others_rest_on_it": N_("The {later} rests on this {kind}. Correct the {later} first."),
    "clearance_unchanged": N_("That is what is recorded already. Nothing was changed; to change it, choose another state."),
    "edit_changes_nothing": N_("Nothing would change on {mission_text}. Fill in at least one option with something new."),
    "more_crew_than_seats": N_("{crew} people are assigned, so it cannot have {seats} seats. Remove someone first with `/crew remove`."),
    "pad_retired": N_("{pad_text} is retired and takes no damage reports. Choose another pad; `/pad list` shows them."),
    "report_not_open": N_("{report} is {state}, so nothing about it changes. `/pad update` with `state:` and `reason:` opens it again; `/pad report` logs new damage."),
    "report_acknowledged": N_("Somebody has acknowledged {report} already; its card says who."),
    "update_changes_nothing": N_("{report} stands so already. Nothing was changed; give another `state:` or `severity:`."),
    "report_has_work": N_("{report} has repairs that are not finished: {tasks}. Complete and verify them, or cancel them with a reason; then try again."),
    "adoption_changes_nothing": N_("{report} says what {assessment} says already. Nothing was changed."),
    "pad_in_service": N_("No report has taken {pad_text} out of service, so there is nothing to return or to expect back. A standing restriction is lifted with `/pad lift`."),
    "pad_edit_changes_nothing": N_("Nothing would change on {pad_text}. Fill in at least one option with something new."),
    "pad_renamed_while_away": N_("{pad_text} is not in service and keeps its name until it is: under another it would look like another pad. `/pad return-to-service` shows what is in the way."),
    "restriction_unchanged": N_("{pad_text} is restricted for exactly that already. Nothing was changed; give another reason to replace it."),
    "nothing_to_lift": N_("{pad_text} has no standing restriction. What a report has done to it ends with `/pad return-to-service`."),
    "gate_closed": N_("Something stands in the way of that pad's return again. `/pad return-to-service` shows what."),
    "return_of_your_own": N_("RS-{number} is your own request: another person with `approve` must confirm it."),
    "return_of_another": N_("RS-{number} is not yours to withdraw. With `approve` you can decline it."),
    "return_to_withdraw": N_("RS-{number} is your own request. Withdraw it instead."),
    "return_outdated": N_("Something about the pad has changed since RS-{number} was asked. Ask anew with `/pad return-to-service`; nothing was returned."),
    "return_decided": N_("RS-{number} is decided already: {state}. `/pad return-to-service` asks anew."),
    "requester_lost_capability": N_("Whoever asked for RS-{number} may no longer do so here. Someone with `pad` asks anew with `/pad return-to-service`."),
    "task_not_open": N_("{task} is {state}; there is nothing left to do on it. `/repair start` reopens it; `/repair list` shows what is open."),
    "task_started": N_("{task} is in work already. `/repair progress` records how far it is."),
    "task_blocked": N_("{task} is blocked: {reason_text}. Once that is out of the way, `/repair unblock` comes first."),
    "task_not_blocked": N_("{task} is {state}, not blocked. There is nothing to unblock; `/repair list` shows what is blocked."),
    "task_not_done": N_("{task} is {state}. Only what is done can be verified; `/repair complete` says that it is done."),
    "verifier_did_it": N_("You said yourself that {task} is done, so somebody else must verify it: another person with the capability pad, with `/repair verify`."),
    "task_stands": N_("{task} is {state}, and that stands. To change it, reopen it with `/repair start` first."),
    "repair_cycle": N_("{task} cannot wait for that, because the tasks would wait for each other: {cycle_text}. Leave one of them out of `after:`."),
    "material_unchanged": N_("That is what is recorded of {item_text} already. Nothing was changed; to change it, give another state, quantity or date."),
    "task_waits_for": N_("{task} waits for {other} (“{other_text}”), which is not done yet. Complete that first."),
    "draft_decided": N_("ST-{number} is decided already: {state}. Nothing was changed; draft it anew with `/announce post` or `/announce correct`."),
    "draft_outdated": N_("ST-{corrects} was corrected since ST-{number} was drafted, so ST-{number} may undo that. Reject it and draft the correction anew."),
    "draft_goes_elsewhere": N_("Since ST-{number} was drafted it has come to be heard in other channels, or to mention other roles. What is approved is what was shown: reject it and draft it anew."),
    "draft_of_another": N_("ST-{number} is not yours to withdraw. With `approve` you can reject it."),
    "draft_to_withdraw": N_("ST-{number} is your own draft. Withdraw it instead."),
    "statement_unheard": N_("No channel hears statements yet, so nobody would read it. Give a `channel`, or subscribe one with `/announce subscribe` and `topic:statement`."),
    "statement_unchanged": N_("That is what ST-{number} says already. Give another text."),
    "statement_not_standing": N_("ST-{number} stands in no channel, so there is nothing to correct. `/announce post` drafts a new statement."),
    "already_muted": N_("{mission_text} is muted already. `/announce unmute` ends that."),
    "not_muted": N_("{mission_text} is not muted. There is nothing to end."),
    "nothing_parked": N_("Nothing is parked for <#{channel_id}> any more. `/ops status` shows how things are."),
    "already_subscribed": N_("That channel hears exactly this already. Choose another topic or channel; `/announce list` shows all."),
    "too_many_subscriptions": N_("At most {limit} subscriptions fit one server. End one with `/announce unsubscribe`; `/announce list` shows them."),
    "digest_unchanged": N_("The digest of <#{channel_id}> is exactly this already. To change it, give another time, zone, language or what to do on quiet days; `/announce list` shows it."),
    "too_many_boards": N_("At most {limit} live boards fit one server. Take one down with `/board unpin`; `/announce list` shows them."),
    "setting_unchanged": N_("`{key}` is {value} already. Nothing was changed; to change it, give another value."),
    "not_granted": N_("That role does not hold **{capability}**, so there is nothing to take back. `/ops status` shows who holds what."),
    "verification_running": N_("I am verifying a journal just now. Ask again when that is done."),
    "already_done": N_("This was done already; it is not done twice. To do it again, type the command anew."),
    "undo_superseded": N_("Something else has changed since, so this can no longer be undone. Make the change you need instead."),
    "subscription_unknown": N_("There is no subscription “{raw_text}” here. `/announce list` shows them with their numbers."),
    "board_unknown": N_("No live board of that kind ({kind}) is in <#{channel_id}>. `/announce list` shows where they are."),
    "statement_unknown": N_("There is no posted statement ST-{number} here. Choose one from the list that appears as you type."),
    "button_stale": N_("This button no longer belongs to anything. Ask again with the command."),
    "form_stale": N_("This form is no longer open on my side: it was sent already, I restarted in between, or the line broke as I opened it. Open it again with the command; nothing was changed just now."),
    "command_stale": N_("This command has changed since your Discord loaded it. Reload Discord and type it again."),
    # Who may.
    "draft_is_own": N_("ST-{number} is your own draft: another person with **approve** must approve it. Anyone with admin can give that capability with `/ops grant`."),
    "capability_missing": N_("This needs the capability **{capability}**. Anyone with admin (Manage Server counts) can give it to one of your roles with `/ops grant`."),
    "only_in_server": N_("This works in a server only, not in direct messages. Type it in a channel of your server."),
    # What does not work at the moment.
    "data_not_writable": N_("I cannot write my files ({reason}). Nothing was changed. Tell the person who runs me."),
    "database_busy": N_("Another process holds the database. Nothing was changed; try again in a moment."),
    "process_stopping": N_("I am being stopped or restarted just now. Nothing was changed; try again in a moment."),
    "disk_full": N_("The disk is full. Nothing was changed. Tell the person who runs me."),
    "database_failing": N_("The database cannot be written ({detail}). Nothing was changed. Tell the person who runs me."),
    "database_damaged": N_("The database is damaged ({detail}). Nothing was changed. Tell the person who runs me to restore a backup."),
    "evidence_missing": N_("The photo is no longer in the evidence store. Tell the person who runs me."),
    "facts_from_newer_version": N_("This was written by a newer version of me. Tell the person who runs me to update."),
    "pass_incomplete": N_("Something that is due could not be announced for {count} servers; the log says why. It is tried again every few seconds."),
    "unexpected": N_("Something went wrong that I did not foresee. Look whether it was done before you repeat it, and tell the person who runs me the incident number **{incident}**."),
}  # fmt: skip


def refusal(error: OpsError, locale: Locale, typed: str = "") -> Card:
    """The refusal as a card, in the reader's language. `typed` is what would be lost with a form, to be copied from here."""
    _ = locale.text
    kept = (Field(_("What you typed"), inert(shortened(typed, TYPED_SHOWN))),) if typed else ()
    title = N_("⚠️ Something went wrong") if error.code == "unexpected" else N_("⚠️ Not done")
    return Card(_(title), sentence(error, locale), kept, Tone.WARNING)


def sentence(error: OpsError, locale: Locale) -> str:
    """The refusal's sentence. A code without one is a fault of ours, and a test finds it."""
    template = SENTENCES[error.code]
    values = {name: _shown(name, value, locale) for name, value in error.params.items()}
    return locale.text(template, forms=locale.text(_WHEN_FORMS), **values)


def _shown(name: str, value: object, locale: Locale) -> object:
    if name.endswith("_text"):
        return inert(shortened(str(value), 120))
    if isinstance(value, When):
        return when(locale, value)
    words = _WORDS.get((name, str(value)))
    return locale.text(words) if words else value


_DRAFT_STATE_NAMES = {
    DraftState.APPROVED: N_("approved"),
    DraftState.REJECTED: N_("rejected"),
    DraftState.WITHDRAWN: N_("withdrawn"),
}
_RETURN_STATE_NAMES = {
    ReturnState.CONFIRMED: N_("confirmed"),
    ReturnState.DECLINED: N_("declined"),
    ReturnState.WITHDRAWN: N_("withdrawn"),
    ReturnState.VOID: N_("void"),
}
# Parameters whose values are names of the domain, and the words for them.
_WORDS = (
    {("kind", kind.value): words for kind, words in EVENT_NAMES.items()}
    | {("earlier", kind.value): words for kind, words in EVENT_NAMES.items()}
    | {("later", kind.value): words for kind, words in EVENT_NAMES.items()}
    | {("phase", phase.value): words for phase, words in PHASE_NAMES.items()}
    | {("state", state.value): words for state, words in EVENT_STATE_NAMES.items()}
    | {("state", state.value): words for state, words in REPORT_STATE_NAMES.items()}
    | {("state", state.value): words for state, words in TASK_STATE_NAMES.items()}
    | {("state", state.value): words for state, words in _DRAFT_STATE_NAMES.items()}
    | {("state", state.value): words for state, words in _RETURN_STATE_NAMES.items()}
    | {("capability", capability.value): words for capability, words in CAPABILITY_NAMES.items()}
)

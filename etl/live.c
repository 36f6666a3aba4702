#include "live.h"

#include "agenda.h"
#include "live_desk.h"
#include "live_option.h"
#include "live_photo.h"
#include "rhythm.h"

#include <inttypes.h>
#include <math.h>
#include <signal.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
    TICKET_STREAM = 21, /* a seed's tickets do not depend on how fast they move on */
    COURSE_STREAM = 22,
    SUBJECTS_MAX = 64,
    REREAD_S = 3600 /* so that buildings which were loaded since are complained about too */
};

/* What is kept of the rate at the deadest hour: a demonstration at night still lives. */
static const double FLOOR = 0.25;
static const double TICKETS_PER_PERSON_AND_YEAR = 0.4;
static const double HOURS_PER_YEAR = 8766;
static const double LONGEST_NAP_S = 60;

struct live {
    const struct mqt_live_options *options;
    struct mqt_random random;
    struct mqt_random courses;
    struct mqt_db_pool *pool;
    struct mqt_db *db; /* NULL while the database is away */
    struct mqt_place_book *book;
    double book_read_s;
    struct mqt_agenda agenda;
    struct mqt_photo_store photos;
    bool no_photos; /* the store cannot be written, and the operator knows */
    double pace;
    double next_s;  /* next ticket that may be filed */
    bool away_told; /* the operator knows that the database is away */
    bool counts;    /* on a terminal: one line that is drawn again and again */
    uint64_t filed, moved, closed;
};

static double now_s(void)
{
    struct timespec now;
    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

/* True when a signal says that it is over. */
static bool wait_s(const sigset_t *ends, double seconds)
{
    double whole = floor(fmin(fmax(seconds, 0), LONGEST_NAP_S));
    struct timespec nap = {(time_t)whole, (long)((fmin(fmax(seconds, 0), LONGEST_NAP_S) - whole) * 1e9)};
    return sigtimedwait(ends, NULL, &nap) > 0;
}

static void tell_counts(const struct live *live)
{
    if (live->counts) {
        printf("\r\x1b[Kfiled %" PRIu64 ", closed %" PRIu64 ", open %zu", live->filed, live->closed,
               mqt_agenda_count(&live->agenda));
        (void)fflush(stdout);
    }
}

static void tell_ticket(const struct live *live, const struct mqt_live_ticket *ticket,
                        const struct mqt_live_place *place)
{
    if (!live->counts && !live->options->quiet) {
        printf("%s %s %s\n", ticket->number, ticket->subject->category, place->words);
        (void)fflush(stdout);
    }
}

__attribute__((format(printf, 2, 3))) static void tell(const struct live *live, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    fputs(live->counts ? "\r\x1b[K" : "", stdout);
    (void)fflush(stdout);
    fputs("mqt-etl sample: ", stderr);
    (void)vfprintf(stderr, format, arguments);
    fputc('\n', stderr);
    va_end(arguments);
}

/* Times as many tickets as the mean, at this moment. */
static double intensity(const struct live *live, struct mqt_moment m)
{
    if (live->options->steady) {
        return 1;
    }
    return FLOOR + (1 - FLOOR) * mqt_rhythm_hour(m.hour) * mqt_rhythm_weekday(m.weekday);
}

static double most_intensity(void)
{
    double hour = 0;
    double day = 0;
    for (int i = 0; i < MQT_RHYTHM_HOURS; ++i) {
        hour = fmax(hour, mqt_rhythm_hour(i));
    }
    for (int i = 0; i < 7; ++i) {
        day = fmax(day, mqt_rhythm_weekday(i));
    }
    return FLOOR + (1 - FLOOR) * hour * day;
}

/* Tickets come as a Poisson process: candidates at the highest intensity, of which as many are
 * taken as the present hour has. */
static double draw_gap_s(struct live *live)
{
    double per_s = live->options->per_hour * (live->options->steady ? 1 : most_intensity()) / 3600;
    return -log(1 - mqt_random_unit(&live->random)) / per_s;
}

static bool is_taken(struct live *live, struct mqt_moment m)
{
    return live->options->steady || mqt_random_chance(&live->random, intensity(live, m) / most_intensity());
}

static enum mqt_err schedule(struct live *live, const struct mqt_live_ticket *ticket)
{
    if (ticket->state == MQT_STATE_CLOSED) {
        return MQT_OK;
    }
    struct mqt_step step = mqt_course_step(&live->courses, ticket->subject, ticket->severity, ticket->state);
    return mqt_agenda_add(&live->agenda, (struct mqt_appointment){.at_s = now_s() + step.after_s / live->pace,
                                                                  .ticket = ticket->id,
                                                                  .subject = ticket->subject,
                                                                  .severity = ticket->severity,
                                                                  .picture = ticket->picture,
                                                                  .from = ticket->state,
                                                                  .to = step.next});
}

static enum mqt_err adopt(void *user, const struct mqt_live_ticket *ticket)
{
    return schedule(user, ticket);
}

/* Fast enough that as many of these tickets are open in the long run as the district is used to. */
static enum mqt_err choose_pace(struct live *live, struct mqt_detail *detail)
{
    double usual_per_hour = 0;
    if (live->options->pace > 0) {
        live->pace = live->options->pace;
        return MQT_OK;
    }
    enum mqt_err err = mqt_desk_usual_rate(live->db, &usual_per_hour, detail);
    if (err == MQT_OK) {
        double guess = mqt_place_book_people(live->book) * TICKETS_PER_PERSON_AND_YEAR / HOURS_PER_YEAR;
        live->pace = fmax(1, live->options->per_hour / fmax(usual_per_hour, fmin(guess, 1)));
    }
    return err;
}

static enum mqt_err read_places(struct live *live, struct mqt_detail *detail)
{
    struct mqt_place_book *book = NULL;
    enum mqt_err err = mqt_place_book_read(live->db, live->options->seed, &book, detail);
    if (err == MQT_OK) {
        mqt_place_book_free(live->book);
        live->book = book;
        live->book_read_s = now_s();
    }
    return err;
}

/* The connection with all that hangs on it. */
static enum mqt_err connect(struct live *live, struct mqt_detail *detail)
{
    enum mqt_err err = mqt_db_take(live->pool, 0, &live->db, detail);
    if (err == MQT_OK) {
        err = mqt_desk_open(live->db, detail);
    }
    if (err == MQT_OK) {
        err = read_places(live, detail);
    }
    if (err == MQT_OK) {
        err = choose_pace(live, detail);
    }
    mqt_agenda_clear(&live->agenda);
    if (err == MQT_OK) {
        err = mqt_desk_adopt(live->db, adopt, live, detail);
    }
    if (err != MQT_OK) {
        mqt_db_give(live->db);
        live->db = NULL;
    }
    return err;
}

static const struct mqt_subject *draw_subject(struct live *live, struct mqt_moment m)
{
    double weights[SUBJECTS_MAX];
    size_t count = mqt_subject_count() < SUBJECTS_MAX ? mqt_subject_count() : SUBJECTS_MAX;
    for (size_t i = 0; i < count; ++i) {
        const struct mqt_subject *subject = mqt_subject_at(i);
        weights[i] = subject->rhythm.weight * mqt_rhythm_season(subject, live->options->seed, m) *
                     mqt_rhythm_night(subject, m.hour);
    }
    return mqt_subject_at(mqt_random_weighted(&live->random, weights, count));
}

static enum mqt_err draw_place(struct live *live, struct mqt_live_report *report, struct mqt_live_place *place,
                               struct mqt_detail *detail)
{
    bool home = !report->channel->is_machine && (report->subject->at_home || mqt_random_chance(&live->random, 0.55));
    enum mqt_err err = home ? mqt_place_draw_home(live->book, live->db, &live->random, place, detail)
                            : mqt_place_draw_outside(live->book, live->db, &live->random, place, detail);
    report->place = place;
    return err;
}

/* A ticket is worth more than its picture: a store that cannot be written is told once. */
static enum mqt_err add_photo(struct live *live, int64_t ticket, int picture, bool mended, struct mqt_detail *detail)
{
    if (picture == MQT_ALBUM_NONE || live->no_photos) {
        return MQT_OK;
    }
    enum mqt_err err =
        mqt_live_photo_add(live->db, &live->photos, live->options->seed, ticket, picture, mended, detail);
    if (err == MQT_ERR_IO) {
        tell(live, "%s; tickets come without pictures", detail->text);
        live->no_photos = true;
        return MQT_OK;
    }
    return err;
}

static enum mqt_err file_ticket(struct live *live, struct mqt_moment m, struct mqt_detail *detail)
{
    struct mqt_random *random = &live->random;
    struct mqt_live_place place = {0};
    struct mqt_live_ticket ticket;
    struct mqt_live_report report = {.subject = draw_subject(live, m), .place = &place};
    bool again = mqt_random_chance(random, 0.06) && mqt_place_draw_again(live->book, random, &place, &report.subject);
    report.phrase = report.subject->phrases[mqt_random_below(random, MQT_SUBJECT_PHRASES)];
    report.channel = mqt_intake_channel(random, report.subject);
    report.urgency = mqt_intake_urgency(random, report.subject);
    report.lack = again ? MQT_INTAKE_PLACED : mqt_intake_lack(random, report.channel);
    enum mqt_err err = again ? MQT_OK : draw_place(live, &report, &place, detail);
    if (err == MQT_OK) {
        err = mqt_desk_file(live->db, &report, &ticket, detail);
    }
    if (err == MQT_OK) {
        ++live->filed;
        tell_ticket(live, &ticket, &place);
        if (mqt_random_chance(random, report.channel->pictures)) {
            ticket.picture = mqt_album_draw(random, report.phrase, MQT_LIVE_PHOTO_VARIANTS);
        }
        err = schedule(live, &ticket);
    }
    if (err == MQT_OK) {
        err = add_photo(live, ticket.id, ticket.picture, false, detail);
    }
    return err;
}

static enum mqt_err move_ticket(struct live *live, struct mqt_detail *detail)
{
    struct mqt_appointment due = mqt_agenda_take(&live->agenda);
    bool moved = false;
    enum mqt_err err = mqt_desk_move(live->db, due.ticket, due.from, due.to, &moved, detail);
    if (err == MQT_OK && moved) {
        const struct mqt_live_ticket ticket = {.id = due.ticket,
                                               .subject = due.subject,
                                               .severity = due.severity,
                                               .picture = due.picture,
                                               .state = due.to};
        ++live->moved;
        live->closed += due.to == MQT_STATE_CLOSED;
        err = schedule(live, &ticket);
    }
    if (err == MQT_OK && moved && due.to == MQT_STATE_CLOSED && mqt_random_chance(&live->courses, 0.7)) {
        err = add_photo(live, due.ticket, due.picture, true, detail);
    }
    return err;
}

/* One thing that is due, if there is one; *nap_s: until the next. */
static enum mqt_err work(struct live *live, double *nap_s, struct mqt_detail *detail)
{
    double now = now_s();
    const struct mqt_appointment *first = mqt_agenda_first(&live->agenda);
    enum mqt_err err = MQT_OK;
    *nap_s = 0;
    if (now - live->book_read_s > REREAD_S) {
        err = read_places(live, detail);
    } else if (first && first->at_s <= fmin(now, live->next_s)) {
        err = move_ticket(live, detail);
    } else if (live->next_s <= now) {
        struct mqt_moment m = mqt_calendar_local((int64_t)time(NULL));
        live->next_s += draw_gap_s(live);
        err = is_taken(live, m) ? file_ticket(live, m, detail) : MQT_OK;
    } else {
        *nap_s = (first ? fmin(first->at_s, live->next_s) : live->next_s) - now;
    }
    return err;
}

/* Deadlocks, waits in vain, cancelled statements: the next attempt may go better. */
static bool passes_by(const struct mqt_db *db)
{
    const char *state = db ? mqt_db_sqlstate(db) : "";
    return strncmp(state, "40", 2) == 0 || strncmp(state, "55", 2) == 0 || strcmp(state, "57014") == 0;
}

/* What follows from a failure: MQT_OK goes on, after *nap_s. */
static enum mqt_err judge(struct live *live, enum mqt_err err, double *nap_s, struct mqt_detail *detail)
{
    *nap_s = 1;
    if (err == MQT_ERR_NOT_FOUND && live->db) {
        return read_places(live, detail); /* a building has gone */
    }
    if (err == MQT_ERR_UNAVAILABLE && live->book) {
        mqt_db_give(live->db);
        live->db = NULL;
        if (!live->away_told) {
            tell(live, "%s; waiting for it", detail->text);
        }
        live->away_told = true;
        return MQT_OK;
    }
    return passes_by(live->db) ? MQT_OK : err;
}

/* Until a signal or a failure that waiting does not mend. */
static enum mqt_err run(struct live *live, const sigset_t *ends, struct mqt_detail *detail)
{
    double nap_s = 0;
    while (!wait_s(ends, nap_s)) {
        enum mqt_err err = MQT_OK;
        if (!live->db) {
            err = connect(live, detail);
            /* The lock of a connection that broke may outlive it for a while. */
            if (err == MQT_ERR_BUSY && live->away_told) {
                nap_s = 1;
                continue;
            }
            if (err == MQT_OK && live->away_told) {
                tell(live, "the database is back");
                live->away_told = false;
            }
            /* Nobody makes up for what was not filed meanwhile. */
            live->next_s = now_s() + draw_gap_s(live);
        }
        if (err == MQT_OK) {
            err = work(live, &nap_s, detail);
        }
        if (err != MQT_OK) {
            err = judge(live, err, &nap_s, detail);
        }
        if (err != MQT_OK) {
            return err;
        }
        if (nap_s > 0) {
            tell_counts(live);
        }
    }
    return MQT_OK;
}

static void print_help(void)
{
    puts("Usage: mqt-etl sample --live RATE [OPTION]…\n"
         "\n"
         "Files invented tickets into the database (MQT_DATABASE_URL), at buildings that are there, and\n"
         "moves them on until they are closed, so that a demonstration lives. Ctrl-C ends it.\n"
         "\n"
         "  --live RATE  tickets an hour (60, 60/h) or 2/min, 0.5/s, 500/d; the mean over a week. They\n"
         "               follow the hours and weekdays, but never fall below a quarter of it\n"
         "  --steady     the same rate at every hour\n"
         "  --pace N     tickets move on N times as fast as in life (default: so that as many of them\n"
         "               are open in the long run as the district is used to)\n"
         "  --seed N     the same tickets in the same order each time (default: others each time)\n"
         "  --quiet      say nothing but the sum at the end");
}

int mqt_live_main(int argc, char **argv)
{
    struct mqt_live_options options;
    struct mqt_detail detail = {0};
    struct mqt_db_pool_config config = {.url = getenv("MQT_DATABASE_URL"),
                                        .role = "mqt_etl",
                                        .application = "mqt-etl live",
                                        .max_connections = 1,
                                        .connect_timeout_s = 10};
    sigset_t ends;
    if (mqt_live_parse(argc, argv, &options, &detail) != MQT_OK) {
        fprintf(stderr, "mqt-etl sample: %s; see mqt-etl sample --live 60 --help\n", detail.text);
        return 2;
    }
    if (options.help) {
        print_help();
        return 0;
    }
    uint64_t salt = options.seeded ? options.seed : (uint64_t)time(NULL);
    struct live live = {.options = &options,
                        .random = mqt_random_start(salt, TICKET_STREAM),
                        .courses = mqt_random_start(salt, COURSE_STREAM),
                        .counts = !options.quiet && isatty(STDOUT_FILENO)};
    mqt_agenda_init(&live.agenda);
    (void)sigemptyset(&ends);
    (void)sigaddset(&ends, SIGINT);
    (void)sigaddset(&ends, SIGTERM);
    (void)sigaddset(&ends, SIGHUP);
    (void)sigprocmask(SIG_BLOCK, &ends, NULL);
    enum mqt_err err = mqt_photo_store_open(NULL, &live.photos, &detail);
    if (err == MQT_OK) {
        err = mqt_db_pool_new(&config, &live.pool);
    }
    if (err == MQT_OK) {
        err = run(&live, &ends, &detail);
    }
    printf("%sfiled %" PRIu64 " tickets, moved them on %" PRIu64 " times and closed %" PRIu64 "; %zu are open\n",
           live.counts ? "\r\x1b[K" : "", live.filed, live.moved, live.closed, mqt_agenda_count(&live.agenda));
    if (err != MQT_OK) {
        fprintf(stderr, "mqt-etl sample: %s\n", detail.text);
    }
    mqt_db_give(live.db);
    mqt_db_pool_free(live.pool);
    mqt_place_book_free(live.book);
    mqt_agenda_clear(&live.agenda);
    return err == MQT_OK ? 0 : 1;
}

#include "course.h"

#include <assert.h>
#include <math.h>
#include <string.h>

static const double MINUTE_S = 60;
static const double DAY_S = 86400;

static const struct {
    const char *code;
    const char *title;
} words[MQT_STATE_COUNT] = {
    [MQT_STATE_RECEIVED] = {"received", "已受理"},     [MQT_STATE_FILED] = {"filed", "已立案"},
    [MQT_STATE_DISPATCHED] = {"dispatched", "已派遣"}, [MQT_STATE_IN_PROGRESS] = {"in_progress", "处理中"},
    [MQT_STATE_FED_BACK] = {"fed_back", "已反馈"},     [MQT_STATE_CHECKED] = {"checked", "已核查"},
    [MQT_STATE_CLOSED] = {"closed", "已办结"},         [MQT_STATE_RETURNED] = {"returned", "已退回"},
    [MQT_STATE_SUSPENDED] = {"suspended", "挂账"},
};

const char *mqt_state_code(enum mqt_state state)
{
    return words[state].code;
}

const char *mqt_state_title(enum mqt_state state)
{
    return words[state].title;
}

bool mqt_state_of_code(const char *code, enum mqt_state *state)
{
    for (int i = 0; i < MQT_STATE_COUNT; ++i) {
        if (strcmp(words[i].code, code) == 0) {
            *state = (enum mqt_state)i;
            return true;
        }
    }
    return false;
}

/* Roughly normal: the sum of twelve even draws. */
static double draw_normal(struct mqt_random *random)
{
    double sum = 0;
    for (int i = 0; i < 12; ++i) {
        sum += mqt_random_unit(random);
    }
    return sum - 6;
}

/* Most take about the median, a few many times as long. */
static double draw_delay_s(struct mqt_random *random, double median_s)
{
    return median_s * exp(0.8 * draw_normal(random));
}

struct mqt_step mqt_course_step(struct mqt_random *random, const struct mqt_subject *subject, int severity,
                                enum mqt_state state)
{
    assert(state != MQT_STATE_CLOSED); /* goes nowhere */
    double work_s = subject->rhythm.days * DAY_S * (severity >= 4 ? 0.33 : 1);
    switch (state) {
    case MQT_STATE_RECEIVED:
        return (struct mqt_step){draw_delay_s(random, 4 * MINUTE_S), MQT_STATE_FILED};
    case MQT_STATE_FILED:
        return (struct mqt_step){draw_delay_s(random, 12 * MINUTE_S), MQT_STATE_DISPATCHED};
    case MQT_STATE_DISPATCHED: {
        bool wrong_unit = mqt_random_chance(random, 0.03);
        return (struct mqt_step){draw_delay_s(random, 0.1 * work_s),
                                 wrong_unit ? MQT_STATE_RETURNED : MQT_STATE_IN_PROGRESS};
    }
    case MQT_STATE_RETURNED:
        return (struct mqt_step){draw_delay_s(random, 0.1 * work_s), MQT_STATE_DISPATCHED};
    case MQT_STATE_IN_PROGRESS: {
        bool no_money = mqt_random_chance(random, 0.015);
        return (struct mqt_step){draw_delay_s(random, (no_money ? 0.3 : 0.7) * work_s),
                                 no_money ? MQT_STATE_SUSPENDED : MQT_STATE_FED_BACK};
    }
    case MQT_STATE_SUSPENDED:
        return (struct mqt_step){draw_delay_s(random, 60 * DAY_S), MQT_STATE_IN_PROGRESS};
    case MQT_STATE_FED_BACK: {
        bool not_solved = mqt_random_chance(random, 0.04);
        return (struct mqt_step){draw_delay_s(random, 0.08 * work_s),
                                 not_solved ? MQT_STATE_IN_PROGRESS : MQT_STATE_CHECKED};
    }
    case MQT_STATE_CHECKED:
        return (struct mqt_step){draw_delay_s(random, 0.05 * work_s), MQT_STATE_CLOSED};
    case MQT_STATE_CLOSED:
    case MQT_STATE_COUNT:
        break;
    }
    return (struct mqt_step){0, MQT_STATE_CLOSED};
}

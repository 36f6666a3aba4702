#include "intake.h"

#include <string.h>

enum { CHANNELS = 10 };

static const struct mqt_channel channels[CHANNELS] = {
    {"12345热线", "hotline", 0.46, 0.46, 0.02, false}, {"微信小程序", "mini_program", 0.19, 0.19, 0.5, false},
    {"物业客服", "property", 0.13, 0.13, 0.15, false}, {"网格巡查", "patrol", 0.08, 0.2, 0.6, false},
    {"入户走访", "visit", 0.03, 0.03, 0.2, false},     {"居民接待日", "residents_day", 0.02, 0.02, 0, false},
    {"意见箱", "opinion_box", 0.01, 0.01, 0, false},   {"扫码上报", "qr_code", 0.06, 0.06, 0.5, false},
    {"AI摄像头", "camera", 0, 0.07, 0.8, true},        {"消防传感器", "sensor", 0, 0, 0, true},
};

const struct mqt_channel *mqt_intake_channel(struct mqt_random *random, const struct mqt_subject *subject)
{
    double weights[CHANNELS];
    for (size_t i = 0; i < CHANNELS; ++i) {
        weights[i] = subject->at_home ? channels[i].at_home : channels[i].outside;
    }
    if (strcmp(subject->category, "消防安全") == 0) {
        weights[CHANNELS - 1] = 0.3;
    }
    return &channels[mqt_random_weighted(random, weights, CHANNELS)];
}

const struct mqt_urgency *mqt_intake_urgency(struct mqt_random *random, const struct mqt_subject *subject)
{
    static const struct mqt_urgency levels[] = {{"一般", 2}, {"较急", 3}, {"紧急", 4}, {"特急", 5}};
    if (mqt_random_chance(random, subject->rhythm.urgent)) {
        return &levels[mqt_random_chance(random, 0.25) ? 3 : 2];
    }
    return &levels[mqt_random_chance(random, 0.2) ? 1 : 0];
}

enum mqt_intake_lack mqt_intake_lack(struct mqt_random *random, const struct mqt_channel *channel)
{
    if (channel->is_machine || !mqt_random_chance(random, 0.085)) {
        return MQT_INTAKE_PLACED;
    }
    return mqt_random_chance(random, 0.5) ? MQT_INTAKE_NOWHERE : MQT_INTAKE_ADDRESS_ONLY;
}

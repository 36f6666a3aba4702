#include "names.h"

#include <string.h>

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

/* By frequency. */
static const char *const surnames[] = {
    "王", "李", "张", "刘", "陈", "杨", "赵", "黄", "周", "吴", "徐",   "孙",   "胡",   "朱", "高", "林", "何", "郭",
    "马", "罗", "梁", "宋", "郑", "谢", "韩", "唐", "冯", "于", "董",   "萧",   "程",   "曹", "袁", "邓", "许", "傅",
    "沈", "曾", "彭", "吕", "苏", "卢", "蒋", "蔡", "贾", "丁", "魏",   "薛",   "叶",   "阎", "余", "潘", "杜", "戴",
    "夏", "钟", "汪", "田", "任", "姜", "范", "方", "石", "姚", "谭",   "廖",   "邹",   "熊", "金", "陆", "郝", "孔",
    "白", "崔", "康", "毛", "邱", "秦", "江", "史", "顾", "侯", "邵",   "孟",   "龙",   "万", "段", "雷", "钱", "汤",
    "尹", "黎", "易", "常", "武", "乔", "贺", "赖", "龚", "文", "欧阳", "上官", "司马",
};
static const char *const men_old[] = {"建国", "志强", "国庆", "建军", "永生", "德才", "福来", "金生", "卫东", "援朝",
                                      "长海", "树林", "文革", "宝田", "振华", "玉山", "广才", "保国", "洪喜", "连生"};
static const char *const women_old[] = {"秀英", "桂兰", "玉珍", "淑芬", "秀兰", "凤英", "素华", "桂芝", "玉兰", "淑珍",
                                        "秀芝", "惠芳", "翠英", "月娥", "金凤", "兰香", "瑞芝", "美荣", "爱华", "淑清"};
static const char *const men[] = {"伟",   "强",   "磊",   "军",   "勇",   "涛",   "明",   "超",
                                  "刚",   "鹏",   "辉",   "斌",   "浩",   "凯",   "志远", "海涛",
                                  "晓东", "建平", "永刚", "立新", "文杰", "俊峰", "春雷", "国栋"};
static const char *const women[] = {"芳",   "娜",   "静",   "敏",   "丽",   "艳",   "霞",   "燕",
                                    "玲",   "娟",   "红",   "莉",   "颖",   "倩",   "晓燕", "海燕",
                                    "丽娟", "春梅", "雪梅", "文静", "晓红", "亚男", "婷婷", "立华"};
static const char *const boys[] = {"浩然", "子轩", "宇航", "梓豪", "俊杰", "一鸣",
                                   "睿",   "辰",   "博文", "嘉树", "明轩", "沐阳"};
static const char *const girls[] = {"梓涵", "欣怡", "诗涵", "雨桐", "一诺", "若溪",
                                    "思琪", "可馨", "语嫣", "悦",   "婉清", "佳宁"};

const char *mqt_name_surname(struct mqt_random *random)
{
    double weights[COUNT(surnames)];
    for (size_t i = 0; i < COUNT(surnames); ++i) {
        weights[i] = 1 / ((double)i + 6);
    }
    return surnames[mqt_random_weighted(random, weights, COUNT(surnames))];
}

#define PICK(random, list) (list)[mqt_random_below((random), (uint32_t)COUNT(list))]

static const char *given(struct mqt_random *random, bool male, int birth_year)
{
    if (birth_year < 1965) {
        return male ? PICK(random, men_old) : PICK(random, women_old);
    }
    if (birth_year < 2000) {
        return male ? PICK(random, men) : PICK(random, women);
    }
    return male ? PICK(random, boys) : PICK(random, girls);
}

const char *mqt_name_person(struct mqt_arena *arena, struct mqt_random *random, const char *surname, bool male,
                            int birth_year)
{
    const char *name = mqt_arena_printf(arena, "%s%s", surname, given(random, male, birth_year));
    return name ? name : "";
}

/* What a business of a kind is called after its own word; the first is the commonest. */
static const struct business {
    const char *kind;
    const char *words[10];
} businesses[] = {
    {"商铺", {"便利店", "烟酒茶行", "五金店", "水果店", "理发店", "洗衣店", "文具店", "眼镜店", "鲜花店", "手机维修"}},
    {"餐馆", {"家常菜馆", "面馆", "饺子馆", "火锅店", "早点铺", "烤鸭店", "小吃店", "牛肉面馆", "粥铺", "烧烤店"}},
    {"超市", {"生鲜超市", "社区超市", "超市"}},
    {"药店", {"大药房", "药店"}},
    {"银行", {"银行怡海支行", "银行怡海花园支行", "银行社区支行"}},
    {"快递驿站", {"快递驿站"}},
    {"健身场所", {"健身中心", "健身房"}},
    {"宾馆", {"快捷宾馆", "商务酒店"}},
    {"社区卫生服务站", {"口腔诊所", "中医诊所", "综合门诊部"}},
};
static const char *const brands[] = {"福源", "瑞丰", "鑫隆", "天和", "永盛", "家乐", "金谷", "百汇", "顺达", "康泰",
                                     "同益", "美佳", "恒信", "如意", "聚贤", "兴旺", "宏远", "益民", "春晖", "东升",
                                     "老李", "小张", "王记", "赵家", "好邻", "悦来", "四季", "绿源", "京味", "乐享"};

const char *mqt_name_business(struct mqt_arena *arena, struct mqt_random *random, const char *kind_zh)
{
    const char *word = kind_zh;
    for (size_t i = 0; i < COUNT(businesses); ++i) {
        if (strcmp(businesses[i].kind, kind_zh) == 0) {
            uint32_t known = 0;
            while (known < COUNT(businesses[i].words) && businesses[i].words[known]) {
                ++known;
            }
            word = businesses[i].words[mqt_random_below(random, known)];
        }
    }
    const char *name = mqt_arena_printf(arena, "%s%s", PICK(random, brands), word);
    return name ? name : "";
}

#include "place_name.h"

#include <assert.h>

#define COUNT(list) (sizeof(list) / sizeof(list)[0])

static const char *const words[] = {
    "永兴", "富泽", "望泉", "丰澄", "泽润", "东沿", "西旺", "北旺", "槐荫", "柳堤", "安澜", "文津", "杏坛", "石桥",
    "清源", "明德", "长宁", "广润", "瑞景", "和顺", "福海", "春晓", "翠微", "听涛", "观澜", "映月", "景明", "怡和",
    "康宁", "建新", "育才", "振兴", "红旗", "胜利", "友谊", "团结", "光明", "向阳", "朝霞", "新安", "兴业", "创新",
    "科城", "学府", "书香", "梅岭", "兰亭", "竹溪", "菊香", "荷塘", "桂香", "松涛", "柏林", "银杏", "玉兰", "海棠",
    "丁香", "紫荆", "合欢", "梧桐", "龙泉", "凤鸣", "白鹭", "青鸾", "金雀", "云鹤", "锦鲤", "仙舟", "天宁", "广安",
    "永定", "阜成", "宣和", "崇礼", "德胜", "安定", "东华", "西林", "左安", "右安", "马庄", "刘营", "王坊", "赵营",
    "高井", "大井", "小井", "双槐", "三桥", "五柳", "六合", "七贤", "八角", "九龙", "十方", "百福", "千禧", "万泉",
    "南湖", "北岭", "东山", "西坡", "中天", "上林", "下河", "前进", "后湾", "左堤", "右岸", "内河", "青云", "白云",
    "彩虹", "晨光", "晚晴", "秋实", "夏荷", "冬青", "春华", "丰乐",
};
_Static_assert(COUNT(words) == MQT_PLACE_WORDS, "a word for each place of the shuffle");

/* A kind starts at its own place in the shuffle, so that a street and a community of one word
 * lie apart. */
static const char *const endings[MQT_PLACE_KINDS][3] = {
    [MQT_PLACE_AVENUE] = {"大街", "大道", "中路"}, [MQT_PLACE_STREET] = {"路", "街", "北路"},
    [MQT_PLACE_LANE] = {"巷", "胡同", "一街"},     [MQT_PLACE_COMMUNITY] = {"", "东里", "西里"},
    [MQT_PLACE_PUBLIC] = {"", "第二", "实验"},
};
static const char *const estate_endings[MQT_PLACE_AGES][5] = {
    [MQT_PLACE_OLD] = {"小区", "里", "新村", "南里", "北里"},
    [MQT_PLACE_MIDDLE] = {"园", "家园", "花园", "嘉园", "苑"},
    [MQT_PLACE_NEW] = {"府", "雅苑", "名邸", "华庭", "公馆"},
};

void mqt_place_names_shuffle(struct mqt_place_names *names, struct mqt_random *random)
{
    *names = (struct mqt_place_names){.dealt = {0}};
    for (unsigned i = 0; i < MQT_PLACE_WORDS; ++i) {
        names->words[i] = (unsigned char)i;
    }
    for (unsigned i = MQT_PLACE_WORDS - 1; i > 0; --i) {
        unsigned j = mqt_random_below(random, i + 1);
        unsigned char word = names->words[i];
        names->words[i] = names->words[j];
        names->words[j] = word;
    }
}

static const char *join(const struct mqt_place_names *names, struct mqt_arena *arena, unsigned at, const char *ending,
                        unsigned round)
{
    const char *word = words[names->words[at % MQT_PLACE_WORDS]];
    const char *name = round > 0 ? mqt_arena_printf(arena, "%s%s%u", word, ending, round + 1)
                                 : mqt_arena_printf(arena, "%s%s", word, ending);
    return name ? name : "";
}

const char *mqt_place_name_next(struct mqt_place_names *names, struct mqt_arena *arena, enum mqt_place_kind kind)
{
    unsigned serial = names->dealt[kind]++;
    unsigned lap = serial / MQT_PLACE_WORDS;
    return join(names, arena, serial + 29u * (unsigned)kind, endings[kind][lap % 3], lap / 3);
}

const char *mqt_place_estate(struct mqt_place_names *names, struct mqt_arena *arena, enum mqt_place_age age)
{
    unsigned serial = names->dealt_estates[age]++;
    unsigned lap = serial / MQT_PLACE_WORDS;
    /* The ending changes from one to the next, and has changed when a word comes again. */
    return join(names, arena, serial + 41u * (unsigned)age, estate_endings[age][(serial + lap) % 5], lap / 5);
}

const char *mqt_place_subdistrict(int index)
{
    static const char *const names[] = {
        "北旺", "槐荫", "石桥", "文津", "青云", "杏坛",   "永兴", "富泽", "望泉", "澄北", "安澜", "柳堤", "广润",
        "丰澄", "怡海", "泽园", "明德", "东沿", "马草河", "长宁", "南湖", "瑞景", "清源", "育才", "双槐", "秋实",
    };
    assert(index >= 0 && index < (int)COUNT(names));
    return names[index];
}

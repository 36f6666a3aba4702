#include "place_name.h"

#include <assert.h>
#include <stdio.h>
#include <string.h>

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

static const char firsts[] = "永安福长瑞和康宁清明景文德兴华嘉惠顺泰丰盛祥云松柏兰竹梅金玉龙凤春秋晨朝东西南北";
static const char seconds[] = "宁安乐福泰和兴盛丰源清泉河湖桥林园苑庄营坊井村溪台山岭坡湾堤阳光景华荣昌庆祥瑞德";
enum { SIGN_BYTES = 3, SIGNS = 40 };
_Static_assert(sizeof firsts == SIGNS * SIGN_BYTES + 1 && sizeof seconds == sizeof firsts, "40 signs each");
_Static_assert(SIGNS *SIGNS == MQT_PLACE_PAIRS, "every first sign with every second one");

/* A kind starts at its own place in the shuffle, so that a street and a community of one word
 * lie apart. */
static const char *const endings[MQT_PLACE_KINDS][3] = {
    [MQT_PLACE_AVENUE] = {"大街", "大道", "中路"}, [MQT_PLACE_STREET] = {"路", "街", "北路"},
    [MQT_PLACE_LANE] = {"巷", "胡同", "一街"},     [MQT_PLACE_COMMUNITY] = {"", "东里", "西里"},
    [MQT_PLACE_SUBDISTRICT] = {"", "路", "园"},    [MQT_PLACE_PUBLIC] = {"", "第二", "实验"},
};
static const char *const estate_endings[MQT_PLACE_AGES][5] = {
    [MQT_PLACE_OLD] = {"小区", "里", "新村", "南里", "北里"},
    [MQT_PLACE_MIDDLE] = {"园", "家园", "花园", "嘉园", "苑"},
    [MQT_PLACE_NEW] = {"府", "雅苑", "名邸", "华庭", "公馆"},
};

static void write_pair(unsigned pair, char word[2 * SIGN_BYTES + 1])
{
    memcpy(word, firsts + pair / SIGNS * SIGN_BYTES, SIGN_BYTES);
    memcpy(word + SIGN_BYTES, seconds + pair % SIGNS * SIGN_BYTES, SIGN_BYTES);
    word[2 * SIGN_BYTES] = '\0';
}

/* Not one sign twice, and not one of the words. */
static bool is_word_of_its_own(unsigned pair)
{
    char word[2 * SIGN_BYTES + 1];
    write_pair(pair, word);
    bool own = memcmp(word, word + SIGN_BYTES, SIGN_BYTES) != 0;
    for (unsigned i = 0; own && i < MQT_PLACE_WORDS; ++i) {
        own = strcmp(word, words[i]) != 0;
    }
    return own;
}

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
    for (unsigned pair = 0; pair < MQT_PLACE_PAIRS; ++pair) {
        if (is_word_of_its_own(pair)) {
            names->pairs[names->pair_count++] = (unsigned short)pair;
        }
    }
    for (unsigned i = names->pair_count - 1; i > 0; --i) {
        unsigned j = mqt_random_below(random, i + 1);
        unsigned short pair = names->pairs[i];
        names->pairs[i] = names->pairs[j];
        names->pairs[j] = pair;
    }
}

/* The nth word for a list that starts at its own place; a new one each until all have been. lap
 * counts how often they have. */
static void deal(const struct mqt_place_names *names, unsigned serial, unsigned first, unsigned endings_count,
                 char word[2 * SIGN_BYTES + 1 + SIGN_BYTES], unsigned *lap)
{
    unsigned curated = MQT_PLACE_WORDS * endings_count;
    if (serial < curated) {
        (void)snprintf(word, 2 * SIGN_BYTES + 1 + SIGN_BYTES, "%s",
                       words[names->words[(serial + first) % MQT_PLACE_WORDS]]);
        *lap = serial / MQT_PLACE_WORDS;
        return;
    }
    write_pair(names->pairs[(serial - curated + first) % names->pair_count], word);
    *lap = (serial - curated) / names->pair_count;
}

static const char *join(struct mqt_arena *arena, const char *word, const char *ending, unsigned round)
{
    const char *name = round > 0 ? mqt_arena_printf(arena, "%s%s%u", word, ending, round + 1)
                                 : mqt_arena_printf(arena, "%s%s", word, ending);
    return name ? name : "";
}

const char *mqt_place_name_next(struct mqt_place_names *names, struct mqt_arena *arena, enum mqt_place_kind kind)
{
    char word[3 * SIGN_BYTES + 1];
    unsigned lap = 0;
    deal(names, names->dealt[kind]++, 29u * (unsigned)kind, 3, word, &lap);
    return join(arena, word, endings[kind][lap % 3], lap / 3);
}

const char *mqt_place_estate(struct mqt_place_names *names, struct mqt_arena *arena, enum mqt_place_age age)
{
    char word[3 * SIGN_BYTES + 1];
    unsigned lap = 0;
    unsigned serial = names->dealt_estates[age]++;
    deal(names, serial, 41u * (unsigned)age, 5, word, &lap);
    /* The ending changes from one to the next, and has changed when a word comes again. */
    return join(arena, word, estate_endings[age][(serial + lap) % 5], lap / 5);
}

const char *mqt_place_district(unsigned index)
{
    static const char *const names[] = {
        "澄河", "怡海", "丰澄", "望泉", "云岭", "青澜", "瑞川", "明湖", "安澜", "文津",
        "柳堤", "清源", "石桥", "秋实", "兰亭", "松涛", "梅岭", "竹溪", "丹枫", "白鹭",
    };
    return names[index % COUNT(names)];
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

/* Parts of a Chinese address in canonical form: building number, unit, floor, room.
 *
 * Pure; UTF-8; any thread. Written as "3号楼", "叁栋", "三幢", "3#", "甲3", "Ｂ座", "9-2-502"; read as
 * number "3", "甲3", "B"; unit "1单元"; floor "2层"; room "201室". An absent part is "无". A part that
 * cannot be understood is kept as normalised text rather than guessed. Outputs are NUL-terminated
 * and cut at MQT_ADDRESS_PART bytes.
 */
#ifndef MQT_ADDRESS_H
#define MQT_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>

enum { MQT_ADDRESS_PART = 96 };

struct mqt_address {
    char estate[MQT_ADDRESS_PART]; /* what stands before the number, normalised text; "无" when nothing does */
    char number[MQT_ADDRESS_PART];
    char unit[MQT_ADDRESS_PART];
    char floor[MQT_ADDRESS_PART];
    char room[MQT_ADDRESS_PART];
};

/* One cell that holds one part; text may be NULL or blank, which gives "无". */
void mqt_address_number(const char *text, char out[MQT_ADDRESS_PART]);
void mqt_address_unit(const char *text, char out[MQT_ADDRESS_PART]);
void mqt_address_floor(const char *text, char out[MQT_ADDRESS_PART]);
void mqt_address_room(const char *text, char out[MQT_ADDRESS_PART]);

/* A whole address in one cell, such as "幸福小区甲3号楼2单元5层502室" or "9-2-502". False when no
 * building number was found: out then holds the text as estate and 无 elsewhere. */
bool mqt_address_parse(const char *text, struct mqt_address *out);

#endif

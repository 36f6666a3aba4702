/* Areas as JSON, for every answer that says where something is.
 *
 * Borrows the view. Appends to out, whose error is looked at by the caller in the end.
 */
#ifndef MQT_AREA_DOC_H
#define MQT_AREA_DOC_H

#include "registry.h"

/* "path":[{id,level,code,name} from the top down to the area itself],"estate":{…}|null */
void mqt_add_json_spot(struct mqt_buf *out, const struct mqt_areas *areas, struct mqt_area_spot spot);

#endif

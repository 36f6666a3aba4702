/* Style documents: the files of the styles directory, completed from the catalogue.
 *
 * A catalogue layer that the file does not draw gets style layers made from its geometry type and
 * its catalogue style ({"colour": "#rrggbb", "icon": a picture of web/src/icons.ts, "label": column}). The result is
 * kept until the file or the catalogue changes; a file that has become unusable leaves the last good one in force. A
 * style is immutable and reference-counted (atomic); any thread.
 */
#ifndef MQT_STYLE_DOC_H
#define MQT_STYLE_DOC_H

#include "../tiles/style.h"
#include "log.h"
#include "registry.h"
#include "style_columns.h"

struct mqt_styles;

struct mqt_style_doc {
    struct mqt_style *parsed; /* for drawing */
    const char *json;         /* the document; addresses within the server begin with a slash */
    size_t json_len;
    uint64_t version;                        /* of its content */
    const struct mqt_style_columns *columns; /* that it draws with; NULL before there is a catalogue */
};

/* directory is borrowed. */
enum mqt_err mqt_styles_new(const char *directory, const struct mqt_log *log, struct mqt_styles **styles) MQT_MUST_USE;
void mqt_styles_free(struct mqt_styles *styles);

/* id: small letters, digits and underscores, as mqt_uri_is_layer_id wants them. Release the document. */
enum mqt_err mqt_styles_get(struct mqt_styles *styles, const char *id, const struct mqt_registry_view *view,
                            const struct mqt_style_doc **doc, struct mqt_detail *detail) MQT_MUST_USE;
void mqt_style_doc_release(const struct mqt_style_doc *doc); /* NULL is allowed */

#endif

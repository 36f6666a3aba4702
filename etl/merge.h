/* Cells of an Excel worksheet that are merged downwards: GDAL reads the first and loses the rest.
 *
 * Fed with the XML of a sheet in pieces, then asked row by row to fill down what a merged cell says.
 * Only merged cells are filled, and of a range only its first column. Rows are those of the sheet,
 * from 1, in rising order. Pure, through expat; one thread. Broken XML is MQT_ERR_FORMAT, more than
 * a million ranges MQT_ERR_LIMIT.
 */
#ifndef MQT_MERGE_H
#define MQT_MERGE_H

#include "wire.h"

struct mqt_merges;

/* The part of the package that holds the sheet, such as "xl/worksheets/sheet1.xml", from the text of
 * xl/workbook.xml and xl/_rels/workbook.xml.rels. MQT_ERR_NOT_FOUND: no such sheet. */
enum mqt_err mqt_merges_find_sheet(const void *workbook, size_t workbook_len, const void *relations,
                                   size_t relations_len, const char *sheet, char *part, size_t size) MQT_MUST_USE;

enum mqt_err mqt_merges_new(struct mqt_merges **merges) MQT_MUST_USE;
void mqt_merges_free(struct mqt_merges *merges);

/* A piece of the sheet's XML; last: there is no more. */
enum mqt_err mqt_merges_add(struct mqt_merges *merges, const void *xml, size_t len, bool last) MQT_MUST_USE;

/* Texts that are filled in are valid until the next row. */
enum mqt_err mqt_merges_fill(struct mqt_merges *merges, uint64_t row, struct mqt_cell *cells,
                             size_t cell_count) MQT_MUST_USE;

#endif

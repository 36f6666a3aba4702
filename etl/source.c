#include "source.h"

#include "encoding.h"
#include "merge.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <limits.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct source {
    const struct mqt_source_request *request;
    GDALDatasetH dataset;
    OGRLayerH layer;
    struct mqt_wire *wire;
    struct mqt_decoder *decoder; /* NULL: GDAL gives UTF-8 */
    struct mqt_encoding encoding;
    struct mqt_buf text; /* decoded cells of the present row */
    struct mqt_buf wkb;
    struct mqt_cell *cells;
    size_t *offsets;
    bool *is_logical; /* of a DBF's columns of type L, which GDAL hands out as text */
    int field_count;
    size_t broken;
    struct mqt_merges *merges; /* of an Excel sheet */
};

static const size_t MAX_DBF_BYTES = (size_t)1 << 30;

static void CPL_STDCALL be_quiet(CPLErr level, CPLErrorNum number, const char *message)
{
    /* Messages are collected with CPLGetLastErrorMsg and told by the parent in one line. */
    (void)level;
    (void)number;
    (void)message;
}

static const char *driver_name(enum mqt_file_format format)
{
    switch (format) {
    case MQT_FILE_SHAPEFILE:
        return "ESRI Shapefile";
    case MQT_FILE_GPKG:
        return "GPKG";
    case MQT_FILE_GEOJSON:
        return "GeoJSON";
    case MQT_FILE_XLSX:
        return "XLSX";
    case MQT_FILE_OSM:
        return "OSM";
    case MQT_FILE_KML:
    case MQT_FILE_KMZ:
        return "LIBKML";
    case MQT_FILE_FILEGDB:
        return "OpenFileGDB";
    case MQT_FILE_CSV:
    case MQT_FILE_RECORDS:
        break;
    }
    return "";
}

static void configure(void)
{
    CPLPushErrorHandler(be_quiet);
    CPLSetConfigOption("GDAL_DRIVER_PATH", "disable");
    CPLSetConfigOption("CPL_CURL_ENABLE_VSIMEM", "NO");
    CPLSetConfigOption("GDAL_DISABLE_READDIR_ON_OPEN", "EMPTY_DIR");
    CPLSetConfigOption("CPL_VSIL_CURL_ALLOWED_EXTENSIONS", "{noext}");
    CPLSetConfigOption("GDAL_HTTP_MAX_RETRY", "0");
    CPLSetConfigOption("GDAL_HTTP_PROXY", "127.0.0.1:9");
    CPLSetConfigOption("OGR_XLSX_FIELD_TYPES", "STRING");
    CPLSetConfigOption("OGR_XLSX_HEADERS", "DISABLE");
    CPLSetConfigOption("SHAPE_RESTORE_SHX", "NO");
    CPLSetConfigOption("OGR_SQLITE_LOAD_EXTENSIONS", "");
    CPLSetConfigOption("OSM_USE_CUSTOM_INDEXING", "YES");
    GDALAllRegister();
}

/* The last message of GDAL without the path in front, which the caller knows. */
static const char *last_message(void)
{
    const char *message = CPLGetLastErrorMsg();

    return message[0] == '\0' ? "the file cannot be read" : message;
}

static enum mqt_err open_dataset(struct source *source, struct mqt_detail *detail)
{
    const char *const drivers[] = {driver_name(source->request->format), NULL};
    const char *const raw_text[] = {"ENCODING=", NULL};
    bool shapefile = source->request->format == MQT_FILE_SHAPEFILE;

    CPLErrorReset();
    source->dataset = GDALOpenEx(source->request->path, GDAL_OF_VECTOR | GDAL_OF_READONLY | GDAL_OF_VERBOSE_ERROR,
                                 drivers, shapefile ? raw_text : NULL, NULL);
    if (source->dataset == NULL) {
        return mqt_fail(detail, MQT_ERR_FORMAT, "this is not a readable %s file", drivers[0]);
    }
    if (GDALDatasetGetLayerCount(source->dataset) == 0) {
        return mqt_fail(detail, MQT_ERR_FORMAT, "the file holds no table");
    }
    return MQT_OK;
}

static enum mqt_err list_tables(struct source *source, const char *wanted, struct mqt_detail *detail)
{
    struct mqt_buf list;
    int count = GDALDatasetGetLayerCount(source->dataset);

    mqt_buf_init(&list, 4096);
    for (int i = 0; i < count && list.len < 300; i++) {
        mqt_buf_printf(&list, "%s%s", i == 0 ? "" : ", ", OGR_L_GetName(GDALDatasetGetLayer(source->dataset, i)));
    }
    mqt_buf_add_byte(&list, 0);
    if (wanted == NULL) {
        (void)mqt_fail_field(detail, MQT_ERR_PARAM, "table", "the file holds %d tables; say which with --table: %s",
                             count, list.data == NULL ? "" : (const char *)list.data);
    } else {
        (void)mqt_fail_field(detail, MQT_ERR_PARAM, "table", "the file has no table '%s'; it has: %s", wanted,
                             list.data == NULL ? "" : (const char *)list.data);
    }
    mqt_buf_clear(&list);
    return MQT_ERR_PARAM;
}

/* Empty sheets are what every new workbook has: they are no reason to ask. */
static enum mqt_err choose_table(struct source *source, struct mqt_detail *detail)
{
    int count = GDALDatasetGetLayerCount(source->dataset), filled = 0;
    const char *wanted = source->request->table;

    for (int i = 0; i < count; i++) {
        OGRLayerH layer = GDALDatasetGetLayer(source->dataset, i);

        if (wanted != NULL && strcmp(OGR_L_GetName(layer), wanted) == 0) {
            source->layer = layer;
            return MQT_OK;
        }
        if (wanted == NULL &&
            (source->request->format != MQT_FILE_XLSX || count == 1 || OGR_L_GetFeatureCount(layer, TRUE) > 0)) {
            source->layer = layer;
            filled++;
        }
    }
    if (wanted != NULL || filled > 1) {
        return list_tables(source, wanted, detail);
    }
    return filled == 1 ? MQT_OK : mqt_fail(detail, MQT_ERR_FORMAT, "the file holds no table with rows");
}

static enum mqt_err filter_rows(struct source *source, struct mqt_detail *detail)
{
    if (source->request->where == NULL) {
        return MQT_OK;
    }
    CPLErrorReset();
    if (OGR_L_SetAttributeFilter(source->layer, source->request->where) != OGRERR_NONE) {
        return mqt_fail_field(detail, MQT_ERR_PARAM, "where", "--where was not understood: %s", last_message());
    }
    return MQT_OK;
}

/* A DBF's descriptors of 32 bytes follow its head of 32 bytes; the type is their twelfth byte. */
static void find_logical_columns(struct source *source, const struct mqt_file_map *dbf)
{
    for (size_t i = 0, at = 32; i < MQT_WIRE_MAX_COLUMNS && at + 32 <= dbf->len && dbf->bytes[at] != 0x0D;
         i++, at += 32) {
        source->is_logical[i] = dbf->bytes[at + 11] == 'L';
    }
}

static enum mqt_err prepare_decoder(struct source *source, struct mqt_detail *detail)
{
    char path[PATH_MAX];
    struct mqt_file_map dbf = {0};
    struct mqt_buf cpg;
    size_t stem = strlen(source->request->path) - 4;
    enum mqt_err err;

    if (source->request->format != MQT_FILE_SHAPEFILE) {
        snprintf(source->encoding.name, sizeof source->encoding.name, "UTF-8");
        snprintf(source->encoding.from, sizeof source->encoding.from, "format");
        return MQT_OK;
    }
    mqt_buf_init(&cpg, 256);
    snprintf(path, sizeof path, "%.*s.cpg", (int)stem, source->request->path);
    if (mqt_file_read(path, &cpg, NULL) != MQT_OK) {
        mqt_buf_clear(&cpg);
    }
    mqt_buf_add_byte(&cpg, 0);
    snprintf(path, sizeof path, "%.*s.dbf", (int)stem, source->request->path);
    err = mqt_file_map(path, MAX_DBF_BYTES, &dbf, detail);
    if (err == MQT_ERR_NOT_FOUND) {
        snprintf(path, sizeof path, "%.*s.DBF", (int)stem, source->request->path);
        err = mqt_file_map(path, MAX_DBF_BYTES, &dbf, detail);
    }
    if (err == MQT_OK) {
        err = mqt_encoding_of_dbf(dbf.bytes, dbf.len, cpg.len > 1 ? (const char *)cpg.data : NULL,
                                  source->request->encoding, &source->encoding, detail);
    }
    if (err == MQT_OK) {
        find_logical_columns(source, &dbf);
        err = mqt_decoder_new(source->encoding.name, &source->decoder, detail);
    }
    mqt_file_unmap(&dbf);
    mqt_buf_clear(&cpg);
    return err;
}

static enum mqt_table_shape table_shape(OGRwkbGeometryType type)
{
    switch (OGR_GT_Flatten(OGR_GT_GetLinear(type))) {
    case wkbNone:
        return MQT_TABLE_NONE;
    case wkbPoint:
    case wkbMultiPoint:
        return MQT_TABLE_POINT;
    case wkbLineString:
    case wkbMultiLineString:
        return MQT_TABLE_LINE;
    case wkbPolygon:
    case wkbMultiPolygon:
        return MQT_TABLE_POLYGON;
    default:
        return MQT_TABLE_ANY;
    }
}

static char *layer_crs(OGRLayerH layer)
{
    static const char *const options[] = {"FORMAT=WKT2_2018", "MULTILINE=NO", NULL};
    OGRSpatialReferenceH srs = OGR_L_GetSpatialRef(layer);
    char *wkt = NULL;

    /* A system that EPSG knows goes out under its number, which people can read. */
    if (srs != NULL && OSRGetAuthorityName(srs, NULL) != NULL && OSRGetAuthorityCode(srs, NULL) != NULL) {
        return CPLStrdup(CPLSPrintf("%s:%s", OSRGetAuthorityName(srs, NULL), OSRGetAuthorityCode(srs, NULL)));
    }
    if (srs == NULL || OSRExportToWktEx(srs, &wkt, options) != OGRERR_NONE) {
        CPLFree(wkt);
        return CPLStrdup("");
    }
    return wkt;
}

/* Column names decoded one after another into names, each ended by a NUL. */
static enum mqt_err decode_names(struct source *source, OGRFeatureDefnH definition, struct mqt_buf *names)
{
    for (int i = 0; i < source->field_count; i++) {
        const char *name = OGR_Fld_GetNameRef(OGR_FD_GetFieldDefn(definition, i));

        if (source->decoder != NULL) {
            enum mqt_err err =
                mqt_decoder_add(source->decoder, (const uint8_t *)name, strlen(name), names, &source->broken);

            if (err != MQT_OK) {
                return err;
            }
        } else {
            mqt_buf_add_str(names, name);
        }
        mqt_buf_add_byte(names, 0);
    }
    mqt_buf_add_byte(names, 0);
    return mqt_buf_err(names);
}

static enum mqt_err send_table(struct source *source, struct mqt_detail *detail)
{
    OGRFeatureDefnH definition = OGR_L_GetLayerDefn(source->layer);
    struct mqt_buf names;
    const char *columns[MQT_WIRE_MAX_COLUMNS];
    char label[64];
    char *crs = layer_crs(source->layer);
    struct mqt_table table = {.name = OGR_L_GetName(source->layer),
                              .format = GDALGetDriverShortName(GDALGetDatasetDriver(source->dataset)),
                              .crs = crs,
                              .note = "",
                              .headless = source->request->format == MQT_FILE_XLSX,
                              .names_cut = source->request->format == MQT_FILE_SHAPEFILE,
                              .shape = table_shape(OGR_L_GetGeomType(source->layer))};
    GIntBig count = source->request->format == MQT_FILE_OSM ? -1 : OGR_L_GetFeatureCount(source->layer, FALSE);
    enum mqt_err err;
    const char *name;

    mqt_buf_init(&names, 1 << 20);
    err = decode_names(source, definition, &names);
    if (err == MQT_OK) {
        name = (const char *)names.data;
        for (int i = 0; i < source->field_count; i++) {
            columns[i] = name;
            name += strlen(name) + 1;
        }
        snprintf(label, sizeof label, "%s (%s)", source->encoding.name, source->encoding.from);
        table.encoding = label;
        table.row_count = count < 0 ? 0 : (uint64_t)count;
        table.column_count = table.headless ? 0 : (size_t)source->field_count;
        table.columns = columns;
        err = mqt_wire_put_table(source->wire, &table);
    }
    mqt_buf_clear(&names);
    CPLFree(crs);
    return err == MQT_OK ? MQT_OK : mqt_fail(detail, err, "the table's description could not be read");
}

/* A field's text; "true" or "false" where the column is known to hold nothing else. */
static const char *field_text(const struct source *source, OGRFeatureH feature, int field)
{
    const char *text;

    if (OGR_Fld_GetSubType(OGR_F_GetFieldDefnRef(feature, field)) == OFSTBoolean) {
        return OGR_F_GetFieldAsInteger(feature, field) != 0 ? "true" : "false";
    }
    text = OGR_F_GetFieldAsString(feature, field);
    if (source->is_logical[field] && text[0] != '\0') {
        return strchr("TtYy", text[0]) != NULL ? "true" : strchr("FfNn", text[0]) != NULL ? "false" : "";
    }
    return text;
}

static enum mqt_err read_cells(struct source *source, OGRFeatureH feature)
{
    mqt_buf_reset(&source->text);
    for (int i = 0; i < source->field_count; i++) {
        const char *value;

        source->offsets[i] = SIZE_MAX;
        if (!OGR_F_IsFieldSetAndNotNull(feature, i)) {
            continue;
        }
        value = field_text(source, feature, i);
        source->offsets[i] = source->text.len;
        if (source->decoder != NULL) {
            enum mqt_err err =
                mqt_decoder_add(source->decoder, (const uint8_t *)value, strlen(value), &source->text, &source->broken);

            if (err != MQT_OK) {
                return err;
            }
        } else {
            mqt_buf_add_str(&source->text, value);
        }
        mqt_buf_add_byte(&source->text, 0);
    }
    if (mqt_buf_err(&source->text) != MQT_OK) {
        return mqt_buf_err(&source->text);
    }
    for (int i = 0; i < source->field_count; i++) {
        struct mqt_cell *cell = &source->cells[i];

        cell->text = source->offsets[i] == SIZE_MAX ? NULL : (const char *)source->text.data + source->offsets[i];
        cell->len = cell->text == NULL ? 0 : strlen(cell->text);
        if (cell->len == 0) {
            cell->text = NULL;
        }
    }
    return MQT_OK;
}

/* Heights and measures are dropped, arcs become line strings. */
static enum mqt_err read_shape(struct source *source, OGRFeatureH feature, struct mqt_row *row)
{
    OGRGeometryH owned = OGR_F_StealGeometry(feature);
    int size;
    uint8_t *to;

    if (owned == NULL) {
        return MQT_OK;
    }
    if (OGR_G_HasCurveGeometry(owned, FALSE)) {
        OGRGeometryH linear = OGR_G_GetLinearGeometry(owned, 0, NULL);

        OGR_G_DestroyGeometry(owned);
        owned = linear;
        if (owned == NULL) {
            return MQT_OK;
        }
    }
    OGR_G_FlattenTo2D(owned);
    size = OGR_G_WkbSize(owned);
    mqt_buf_reset(&source->wkb);
    to = size > 0 ? mqt_buf_reserve(&source->wkb, (size_t)size) : NULL;
    if (to != NULL && OGR_G_ExportToIsoWkb(owned, wkbNDR, to) == OGRERR_NONE) {
        source->wkb.len = (size_t)size;
        row->wkb = source->wkb.data;
        row->wkb_len = source->wkb.len;
    }
    OGR_G_DestroyGeometry(owned);
    return mqt_buf_err(&source->wkb);
}

static enum mqt_err send_feature(struct source *source, OGRFeatureH feature, uint64_t number)
{
    struct mqt_row row = {.number = number, .cell_count = (size_t)source->field_count, .cells = source->cells};
    enum mqt_err err = read_cells(source, feature);
    bool blank = true;

    if (err == MQT_OK) {
        err = read_shape(source, feature, &row);
    }
    for (int i = 0; i < source->field_count && blank; i++) {
        blank = source->cells[i].text == NULL;
    }
    if (err != MQT_OK || (blank && source->request->format == MQT_FILE_XLSX)) {
        return err;
    }
    if (source->merges != NULL) {
        err = mqt_merges_fill(source->merges, number, source->cells, (size_t)source->field_count);
    }
    return err != MQT_OK ? err : mqt_wire_put_row(source->wire, &row);
}

/* One part of the workbook's package whole, or piece by piece into a reader of merges. */
static enum mqt_err read_part(const struct source *source, const char *part, struct mqt_buf *whole,
                              struct mqt_merges *merges)
{
    char path[PATH_MAX], piece[1 << 16];
    enum mqt_err err = MQT_OK;
    VSILFILE *file;
    size_t len = sizeof piece;

    snprintf(path, sizeof path, "/vsizip/{%.*s}/%s", PATH_MAX - 512, source->request->path, part);
    file = VSIFOpenL(path, "rb");
    if (file == NULL) {
        return MQT_ERR_NOT_FOUND;
    }
    while (err == MQT_OK && len == sizeof piece) {
        len = VSIFReadL(piece, 1, sizeof piece, file);
        if (merges != NULL) {
            err = mqt_merges_add(merges, piece, len, len < sizeof piece);
        } else {
            mqt_buf_add(whole, piece, len);
            err = mqt_buf_err(whole);
        }
    }
    VSIFCloseL(file);
    return err;
}

static enum mqt_err read_merges(struct source *source, struct mqt_detail *detail)
{
    struct mqt_buf workbook, relations;
    char part[256];
    enum mqt_err err;

    if (source->request->format != MQT_FILE_XLSX) {
        return MQT_OK;
    }
    mqt_buf_init(&workbook, 1 << 20);
    mqt_buf_init(&relations, 1 << 20);
    err = mqt_merges_new(&source->merges);
    if (err == MQT_OK && (err = read_part(source, "xl/workbook.xml", &workbook, NULL)) == MQT_OK &&
        (err = read_part(source, "xl/_rels/workbook.xml.rels", &relations, NULL)) == MQT_OK &&
        (err = mqt_merges_find_sheet(workbook.data, workbook.len, relations.data, relations.len,
                                     OGR_L_GetName(source->layer), part, sizeof part)) == MQT_OK) {
        err = read_part(source, part, NULL, source->merges);
    }
    mqt_buf_clear(&workbook);
    mqt_buf_clear(&relations);
    return err == MQT_OK ? MQT_OK : mqt_fail(detail, MQT_ERR_FORMAT, "the workbook's merged cells cannot be read");
}

/* OSM tables are read through the dataset: its driver cannot hand out one of them alone. */
static OGRFeatureH next_feature(struct source *source)
{
    OGRLayerH from = NULL;
    OGRFeatureH feature;

    if (source->request->format != MQT_FILE_OSM) {
        return OGR_L_GetNextFeature(source->layer);
    }
    while ((feature = GDALDatasetGetNextFeature(source->dataset, &from, NULL, NULL, NULL)) != NULL) {
        if (from == source->layer) {
            return feature;
        }
        OGR_F_Destroy(feature);
    }
    return NULL;
}

static enum mqt_err send_features(struct source *source, struct mqt_detail *detail)
{
    uint64_t number = 0;
    OGRFeatureH feature;

    OGR_L_ResetReading(source->layer);
    CPLErrorReset();
    while ((feature = next_feature(source)) != NULL) {
        GIntBig fid = OGR_F_GetFID(feature);
        enum mqt_err err;

        number++;
        /* A sheet's feature ids are its row numbers, which blank rows do not shift. */
        err =
            send_feature(source, feature, source->request->format == MQT_FILE_XLSX && fid > 0 ? (uint64_t)fid : number);
        OGR_F_Destroy(feature);
        if (err != MQT_OK) {
            return mqt_fail(detail, err, "row %llu could not be passed on", (unsigned long long)number);
        }
        if (CPLGetLastErrorType() >= CE_Failure) {
            break;
        }
    }
    if (CPLGetLastErrorType() >= CE_Failure) {
        return mqt_fail(detail, MQT_ERR_FORMAT, "the file is damaged near row %llu: %s", (unsigned long long)number,
                        last_message());
    }
    return mqt_wire_put_end(source->wire);
}

enum mqt_err mqt_source_send(const struct mqt_source_request *request, struct mqt_wire *wire, struct mqt_detail *detail)
{
    struct source source = {.request = request, .wire = wire};
    enum mqt_err err;

    configure();
    mqt_buf_init(&source.text, MQT_WIRE_MAX_MESSAGE);
    mqt_buf_init(&source.wkb, MQT_WIRE_MAX_MESSAGE);
    source.cells = calloc(MQT_WIRE_MAX_COLUMNS, sizeof *source.cells);
    source.offsets = calloc(MQT_WIRE_MAX_COLUMNS, sizeof *source.offsets);
    source.is_logical = calloc(MQT_WIRE_MAX_COLUMNS, sizeof *source.is_logical);
    if (source.cells == NULL || source.offsets == NULL || source.is_logical == NULL) {
        err = mqt_fail(detail, MQT_ERR_MEMORY, "no memory to read the file");
        goto done;
    }
    if ((err = open_dataset(&source, detail)) != MQT_OK || (err = choose_table(&source, detail)) != MQT_OK ||
        (err = filter_rows(&source, detail)) != MQT_OK || (err = prepare_decoder(&source, detail)) != MQT_OK) {
        goto done;
    }
    source.field_count = OGR_FD_GetFieldCount(OGR_L_GetLayerDefn(source.layer));
    if (source.field_count > MQT_WIRE_MAX_COLUMNS) {
        err = mqt_fail(detail, MQT_ERR_LIMIT, "the table has %d columns; at most %d are read", source.field_count,
                       MQT_WIRE_MAX_COLUMNS);
        goto done;
    }
    err = read_merges(&source, detail);
    if (err == MQT_OK) {
        err = send_table(&source, detail);
    }
    if (err == MQT_OK) {
        err = send_features(&source, detail);
    }
done:
    if (source.dataset != NULL) {
        GDALClose(source.dataset);
    }
    mqt_merges_free(source.merges);
    mqt_decoder_free(source.decoder);
    mqt_buf_clear(&source.text);
    mqt_buf_clear(&source.wkb);
    free(source.cells);
    free(source.offsets);
    free(source.is_logical);
    return err;
}

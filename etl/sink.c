#include "sink.h"

#include <cpl_conv.h>
#include <cpl_error.h>
#include <cpl_string.h>
#include <cpl_vsi.h>
#include <gdal.h>
#include <ogr_api.h>
#include <ogr_srs_api.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { PATH_BYTES = 4096 };

struct mqt_sink {
    GDALDatasetH dataset;
    OGRLayerH layer;
    OGRFeatureDefnH definition;
    enum mqt_sink_format format;
    enum mqt_sink_geometry geometry;
    size_t column_count;
    enum mqt_sink_type *types;
    char path[PATH_BYTES];
};

/* GDAL's own words are left out where they quote SQL. */
static enum mqt_err fail(struct mqt_detail *detail, const char *path, const char *what)
{
    const char *why = CPLGetLastErrorMsg();
    if (strstr(why, "disk is full")) {
        why = "the disk is full";
    } else if (strstr(why, "sqlite")) {
        why = "";
    }
    return mqt_fail(detail, MQT_ERR_IO, "%s: %s%s%s", path, what, *why ? ": " : "", why);
}

static OGRwkbGeometryType geometry_type(enum mqt_sink_geometry geometry)
{
    static const OGRwkbGeometryType types[] = {wkbPoint, wkbLineString, wkbPolygon};
    return types[geometry];
}

/* The other files that belong to a Shapefile. Leaving an old .cpg behind would name a wrong encoding. */
static void remove_parts(const char *path, const char *const *suffixes, size_t count)
{
    const char *dot = strrchr(path, '.');
    int stem = dot ? (int)(dot - path) : (int)strlen(path);
    for (size_t i = 0; i < count; ++i) {
        char part[PATH_BYTES + 8];
        (void)snprintf(part, sizeof part, "%.*s%s", stem, path, suffixes[i]);
        (void)VSIUnlink(part);
    }
}

static enum mqt_err add_columns(struct mqt_sink *sink, const struct mqt_sink_file *file, struct mqt_detail *detail)
{
    for (size_t i = 0; i < file->column_count; ++i) {
        const struct mqt_sink_column *column = &file->columns[i];
        bool whole = column->type == MQT_SINK_INT || column->type == MQT_SINK_BOOL;
        OGRFieldType type = column->type == MQT_SINK_TEXT ? OFTString : whole ? OFTInteger : OFTReal;
        OGRFieldDefnH field = OGR_Fld_Create(column->name, type);
        if (column->type == MQT_SINK_BOOL) {
            OGR_Fld_SetSubType(field, OFSTBoolean);
        }
        if (file->format == MQT_SINK_SHAPEFILE_GBK && column->width > 0) {
            OGR_Fld_SetWidth(field, column->width);
            OGR_Fld_SetPrecision(field, column->decimals);
        }
        /* The driver may cut names and adapt them: that is what is wanted. */
        OGRErr err = OGR_L_CreateField(sink->layer, field, TRUE);
        OGR_Fld_Destroy(field);
        if (err != OGRERR_NONE) {
            return fail(detail, file->path, "a column cannot be made");
        }
        sink->types[i] = column->type;
    }
    return MQT_OK;
}

static enum mqt_err create_layer(struct mqt_sink *sink, const struct mqt_sink_file *file, struct mqt_detail *detail)
{
    char date[64];
    char **options = NULL;
    OGRSpatialReferenceH srs = OSRNewSpatialReference(NULL);
    if (!srs || OSRImportFromEPSG(srs, file->epsg) != OGRERR_NONE) {
        OSRDestroySpatialReference(srs);
        return fail(detail, file->path, "the coordinate system is not known");
    }
    OSRSetAxisMappingStrategy(srs, OAMS_TRADITIONAL_GIS_ORDER);
    if (file->format == MQT_SINK_SHAPEFILE_GBK) {
        (void)snprintf(date, sizeof date, "%s", file->date);
        options = CSLSetNameValue(options, "ENCODING", "GBK");
        options = CSLSetNameValue(options, "DBF_DATE_LAST_UPDATE", date);
    }
    sink->layer = GDALDatasetCreateLayer(sink->dataset, file->layer, srs, geometry_type(file->geometry), options);
    CSLDestroy(options);
    OSRDestroySpatialReference(srs);
    if (!sink->layer) {
        return fail(detail, file->path, "the layer cannot be made");
    }
    return MQT_OK;
}

static enum mqt_err create(struct mqt_sink *sink, const struct mqt_sink_file *file, struct mqt_detail *detail)
{
    static const char *const parts[] = {".shp", ".shx", ".dbf", ".prj", ".cpg", ".sbn", ".sbx"};
    static const char *const gpkg_parts[] = {".gpkg", ".gpkg-wal", ".gpkg-shm", ".gpkg-journal"};
    bool shapefile = file->format == MQT_SINK_SHAPEFILE_GBK;
    GDALDriverH driver = GDALGetDriverByName(shapefile ? "ESRI Shapefile" : "GPKG");
    if (!driver) {
        return mqt_fail(detail, MQT_ERR_IO, "%s: GDAL has no driver for this format", file->path);
    }
    if (shapefile) {
        remove_parts(file->path, parts, sizeof parts / sizeof parts[0]);
    } else {
        remove_parts(file->path, gpkg_parts, sizeof gpkg_parts / sizeof gpkg_parts[0]);
    }
    CPLErrorReset();
    sink->dataset = GDALCreate(driver, file->path, 0, 0, 0, GDT_Unknown, NULL);
    if (!sink->dataset) {
        return fail(detail, file->path, "cannot be written");
    }
    enum mqt_err err = create_layer(sink, file, detail);
    if (err == MQT_OK) {
        err = add_columns(sink, file, detail);
    }
    if (err == MQT_OK) {
        sink->definition = OGR_L_GetLayerDefn(sink->layer);
        if (GDALDatasetStartTransaction(sink->dataset, FALSE) != OGRERR_NONE) {
            CPLErrorReset(); /* Shapefiles have none */
        }
    }
    return err;
}

enum mqt_err mqt_sink_open(const struct mqt_sink_file *file, struct mqt_sink **sink, struct mqt_detail *detail)
{
    GDALAllRegister();
    /* Otherwise a GeoPackage carries the moment at which it was written. */
    char now[64];
    (void)snprintf(now, sizeof now, "%sT00:00:00.000Z", file->date);
    CPLSetThreadLocalConfigOption("OGR_CURRENT_DATE", now);
    /* A file that can be made again need not survive a power cut. */
    CPLSetThreadLocalConfigOption("OGR_SQLITE_SYNCHRONOUS", "OFF");
    struct mqt_sink *fresh = calloc(1, sizeof *fresh);
    if (!fresh) {
        return mqt_fail(detail, MQT_ERR_MEMORY, "%s: no memory", file->path);
    }
    fresh->format = file->format;
    fresh->geometry = file->geometry;
    fresh->column_count = file->column_count;
    fresh->types = calloc(file->column_count + 1, sizeof *fresh->types);
    if (strlen(file->path) >= sizeof fresh->path || !fresh->types) {
        free(fresh->types);
        free(fresh);
        return mqt_fail(detail, MQT_ERR_IO, "the path is too long");
    }
    memcpy(fresh->path, file->path, strlen(file->path) + 1);
    /* What goes wrong is told once, in the detail. */
    CPLPushErrorHandler(CPLQuietErrorHandler);
    enum mqt_err err = create(fresh, file, detail);
    CPLPopErrorHandler();
    if (err != MQT_OK) {
        struct mqt_detail ignored;
        (void)!mqt_sink_close(fresh, &ignored);
        return err;
    }
    *sink = fresh;
    return MQT_OK;
}

static OGRGeometryH ring_geometry(const struct mqt_line *line, OGRwkbGeometryType type)
{
    OGRGeometryH geometry = OGR_G_CreateGeometry(type);
    for (size_t i = 0; geometry && i < line->count; ++i) {
        OGR_G_AddPoint_2D(geometry, line->spots[i].x_m, line->spots[i].y_m);
    }
    if (geometry && type == wkbLinearRing && line->count > 0) {
        OGR_G_AddPoint_2D(geometry, line->spots[0].x_m, line->spots[0].y_m);
    }
    return geometry;
}

static OGRGeometryH make_geometry(const struct mqt_sink *sink, const struct mqt_shape *shape)
{
    if (sink->geometry != MQT_SINK_POLYGON) {
        return ring_geometry(&shape->rings[0], geometry_type(sink->geometry));
    }
    OGRGeometryH polygon = OGR_G_CreateGeometry(wkbPolygon);
    for (size_t i = 0; polygon && i < shape->ring_count; ++i) {
        OGRGeometryH ring = ring_geometry(&shape->rings[i], wkbLinearRing);
        if (!ring || OGR_G_AddGeometryDirectly(polygon, ring) != OGRERR_NONE) {
            OGR_G_DestroyGeometry(polygon);
            return NULL;
        }
    }
    return polygon;
}

enum mqt_err mqt_sink_add(struct mqt_sink *sink, const struct mqt_sink_value *values, const struct mqt_shape *shape,
                          struct mqt_detail *detail)
{
    enum mqt_err err = MQT_OK;
    CPLPushErrorHandler(CPLQuietErrorHandler);
    OGRFeatureH feature = OGR_F_Create(sink->definition);
    OGRGeometryH geometry = shape->ring_count > 0 ? make_geometry(sink, shape) : NULL;
    if (!feature || !geometry) {
        err = fail(detail, sink->path, "a feature cannot be made");
        OGR_G_DestroyGeometry(geometry);
        goto done;
    }
    if (OGR_F_SetGeometryDirectly(feature, geometry) != OGRERR_NONE) {
        err = fail(detail, sink->path, "a shape cannot be kept");
        goto done;
    }
    for (size_t i = 0; i < sink->column_count; ++i) {
        if (sink->types[i] == MQT_SINK_REAL) {
            OGR_F_SetFieldDouble(feature, (int)i, values[i].number);
        } else if (sink->types[i] != MQT_SINK_TEXT) {
            OGR_F_SetFieldInteger(feature, (int)i, (int)values[i].number);
        } else if (values[i].text) {
            OGR_F_SetFieldString(feature, (int)i, values[i].text);
        }
    }
    if (OGR_L_CreateFeature(sink->layer, feature) != OGRERR_NONE) {
        err = fail(detail, sink->path, "a feature cannot be written");
    }
done:
    OGR_F_Destroy(feature);
    CPLPopErrorHandler();
    return err;
}

enum mqt_err mqt_sink_close(struct mqt_sink *sink, struct mqt_detail *detail)
{
    static const char *const cpg[] = {".cpg"};
    enum mqt_err err = MQT_OK;
    if (!sink) {
        return MQT_OK;
    }
    CPLPushErrorHandler(CPLQuietErrorHandler);
    if (sink->dataset) {
        CPLErrorReset();
        if (sink->format == MQT_SINK_GEOPACKAGE && GDALDatasetCommitTransaction(sink->dataset) != OGRERR_NONE) {
            err = fail(detail, sink->path, "cannot be finished");
        }
        CPLErrorReset();
        GDALClose(sink->dataset);
        if (err == MQT_OK && CPLGetLastErrorType() >= CE_Failure) {
            err = fail(detail, sink->path, "cannot be finished");
        }
    }
    if (sink->format == MQT_SINK_SHAPEFILE_GBK) {
        remove_parts(sink->path, cpg, 1); /* offices send none */
    }
    CPLPopErrorHandler();
    free(sink->types);
    free(sink);
    return err;
}

/* The pixels as a dataset in memory. */
static GDALDatasetH pixel_dataset(const uint8_t *rgba, int width_px, int height_px)
{
    enum { BANDS = 3, PIXEL_BYTES = 4 };
    GDALDriverH driver = GDALGetDriverByName("MEM");
    GDALDatasetH dataset = driver ? GDALCreate(driver, "", width_px, height_px, BANDS, GDT_Byte, NULL) : NULL;
    /* RasterIO takes a pointer to what it may write, and only reads it here. */
    if (dataset && GDALDatasetRasterIOEx(dataset, GF_Write, 0, 0, width_px, height_px, (void *)(uintptr_t)rgba,
                                         width_px, height_px, GDT_Byte, BANDS, NULL, PIXEL_BYTES,
                                         (GSpacing)width_px * PIXEL_BYTES, 1, NULL) != CE_None) {
        GDALClose(dataset);
        dataset = NULL;
    }
    return dataset;
}

enum mqt_err mqt_sink_jpeg(const uint8_t *rgba, int width_px, int height_px, int quality, struct mqt_buf *out,
                           struct mqt_detail *detail)
{
    static const char path[] = "/vsimem/mqt-sink.jpg";
    char level[16];
    vsi_l_offset len = 0;
    GDALAllRegister();
    (void)snprintf(level, sizeof level, "%d", quality);
    CPLPushErrorHandler(CPLQuietErrorHandler);
    char **options = CSLSetNameValue(NULL, "QUALITY", level);
    GDALDriverH driver = GDALGetDriverByName("JPEG");
    GDALDatasetH pixels = pixel_dataset(rgba, width_px, height_px);
    GDALDatasetH copy = driver && pixels ? GDALCreateCopy(driver, path, pixels, FALSE, options, NULL, NULL) : NULL;
    bool made = copy != NULL;
    GDALClose(copy);
    GDALClose(pixels);
    GByte *bytes = made ? VSIGetMemFileBuffer(path, &len, TRUE) : NULL;
    CSLDestroy(options);
    CPLPopErrorHandler();
    if (!bytes) {
        return fail(detail, "a picture", "cannot be written as JPEG");
    }
    mqt_buf_add(out, bytes, (size_t)len);
    VSIFree(bytes);
    enum mqt_err err = mqt_buf_err(out);
    return err == MQT_OK ? MQT_OK : mqt_fail(detail, err, "a picture does not fit into memory");
}

/* The answers, one function a family of routes: see mqt_answer_fn in respond.h for the contract.
 *
 * Each takes one view of the registry, answers from it alone and releases it. Those of features.c
 * and units.c ask the database; no other does.
 */
#ifndef MQT_ANSWERS_H
#define MQT_ANSWERS_H

#include "respond.h"

/* tile_handler.c */
enum mqt_err mqt_answer_mvt(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail);
enum mqt_err mqt_answer_png(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail);
enum mqt_err mqt_answer_heat(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail);
/* tile_doc.c */
enum mqt_err mqt_answer_tile_list(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail);
enum mqt_err mqt_answer_tilejson(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail);
enum mqt_err mqt_answer_heat_info(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail);
/* style_doc.c */
enum mqt_err mqt_answer_style(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail);
/* features.c */
enum mqt_err mqt_answer_collections(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail);
enum mqt_err mqt_answer_collection(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail);
enum mqt_err mqt_answer_items(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail);
enum mqt_err mqt_answer_item(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail);
/* search.c */
enum mqt_err mqt_answer_search(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail);
/* stats.c */
enum mqt_err mqt_answer_stats_summary(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail);
enum mqt_err mqt_answer_stats_tickets(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail);
enum mqt_err mqt_answer_stats_building(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail);
/* area_doc.c */
enum mqt_err mqt_answer_areas(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail);
/* units.c */
enum mqt_err mqt_answer_stats_units(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail);
/* metrics.c */
enum mqt_err mqt_answer_healthz(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail);
enum mqt_err mqt_answer_readyz(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail);
enum mqt_err mqt_answer_metrics(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail);
/* pages.c */
enum mqt_err mqt_answer_page(struct mqt_app *app, struct mqt_exchange *exchange, struct mqt_detail *detail);

#endif

/* A transport that answers as it is told: for what a real API server cannot be made to do at will. */
#pragma once

#include "clusterutils/kube/transport.h"
#include "clusterutils/util/buffer.h"

struct script_answer {
	const char *asks; /* part of "GET /path?name=value&…" that the request must have */
	int status;
	const char *body;  /* of a success what the consumer gets, else a Status or text */
	bool stays_open;   /* after the body nothing more comes, and no end */
	struct error lost; /* the connection is lost after the body, with this */
	const char *type;  /* NULL for application/json */
};

/* Each request takes the first answer not yet given that fits it. */
struct script {
	struct transport transport;
	const struct script_answer *answers;
	size_t count;
	bool given[64];
	struct buffer asked; /* a line for each request */
	struct {
		struct request *request;
		const struct script_answer *answer;
		size_t sent;
	} open[16];
	size_t open_count;
	size_t piece; /* bytes a step; 0 for the whole body */
};

void script_init(struct script *script, const struct script_answer *answers, size_t count);
void script_release(struct script *script);

/* Whether every answer was given, and how many requests came. */
bool script_is_over(const struct script *script);
size_t script_requests(const struct script *script);

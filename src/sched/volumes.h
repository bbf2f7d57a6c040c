/* What the four plugins of volumes share: the claims of a pod, what is promised, what is attached. */
#pragma once

#include "clusterutils/model/volume.h"
#include "scheduler_private.h"

/* A claim as it is while pods are placed. */
struct claim_state {
	const struct claim *claim;
	size_t users;              /* pods that run and name it */
	const char *selected_node; /* for which a volume is to be made; NULL for none */
	size_t holders;            /* pods to which this was promised here */
};

/* A volume that is not bound for good. */
struct volume_state {
	const struct volume *volume;
	const struct claim *promised_to; /* here; NULL for nobody */
	size_t holders;                  /* pods of that claim */
	struct volume_state *next;       /* of the class, by name */
};

/* What a driver has to attach: told apart by both. */
struct attachable {
	const char *driver, *handle;
};

struct attached {
	struct attachable what;
	size_t users;     /* pods of the node */
	bool is_reported; /* by a VolumeAttachment */
};

struct node_volumes {
	const struct csi_node *csi; /* NULL for none */
	struct attached *items;
	size_t count, capacity;
};

struct volume_class {
	const char *name;
	const struct storage_class *class; /* NULL where there is none of that name */
	struct volume_state *free;
};

/* What scheduler_place has promised to a pod. */
struct promise {
	struct volume_state *volume; /* or, where it is NULL, */
	struct claim_state *claim;   /* one for which a volume is to be made */
	struct promise *next;
};

struct sched_volumes {
	struct pointer_map claims;   /* struct claim_state, by claim */
	struct index classes;        /* struct volume_class */
	struct pointer_map promises; /* struct promise *, the first of them, by struct sched_pod */
	struct node_volumes *nodes;  /* by position */
};

/* One volume of the pod that asks. */
struct asked_volume {
	const struct pod_volume *volume;
	const char *claim_name; /* NULL where it has none */
	bool is_ephemeral;
	struct claim_state *state; /* NULL where there is no such claim */
};

struct volume_question {
	struct asked_volume *asked;
	size_t count;
	bool has_disks, has_conflict; /* VolumeRestrictions */
	bool counts;                  /* NodeVolumeLimits */
	struct attachable *attachables;
	size_t attachable_count;
	const char *uncountable; /* why they cannot be counted; NULL */
	bool is_missing;         /* because a claim is not there */
	bool binds;              /* VolumeBinding */
	struct claim_state **bound, **unbound;
	size_t bound_count, unbound_count;
	struct zone_rule *zones; /* VolumeZone */
	size_t zone_count;
};

struct claim_state *volumes_claim(struct scheduler *scheduler, const char *namespace, const char *name); /* or NULL */
struct volume_class *volumes_class(struct scheduler *scheduler, const char *name);
bool volumes_owns(const struct pod *pod, const struct claim *claim); /* of an ephemeral volume */

void restrictions_ask(struct question *question, struct volume_question *volumes);
void restrictions_filter(
	struct question *question, const struct volume_question *volumes, const struct sched_node *node);
void zones_ask(struct question *question, struct volume_question *volumes);
void zones_filter(struct question *question, const struct volume_question *volumes, const struct sched_node *node);

void limits_ask(struct question *question, struct volume_question *volumes);
void limits_filter(struct question *question, const struct volume_question *volumes, const struct sched_node *node);
void limits_read(struct scheduler *scheduler); /* CSINodes and VolumeAttachments */
void limits_count(struct scheduler *scheduler, const struct sched_pod *pod, int by);

void binding_ask(struct question *question, struct volume_question *volumes);
void binding_filter(struct question *question, const struct volume_question *volumes, const struct sched_node *node);
void binding_promise(struct scheduler *scheduler, const struct sched_pod *pod);
void binding_break(struct scheduler *scheduler, const struct sched_pod *pod);

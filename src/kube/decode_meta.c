#include "decoders.h"

static const char *or_empty(const char *text)
{
	return text ? text : "";
}

static const struct owners *read_owners(struct reading *r, struct value *meta)
{
	struct value list = value_member(r, meta, F("ownerReferences", 13));
	struct raw_text span = value_span(r, &list);
	const void *known = value_recall(r, MEMO_OWNERS, span);
	size_t room = known ? 0 : value_count(r, &list);
	struct owners *owners;

	if (!room)
		return known;
	owners = arena_alloc(r->scratch, sizeof(*owners) + room * sizeof(owners->items[0]));
	owners->count = 0;
	for (struct value item = value_first(r, &list); item.is_there; item = value_next(r, &item))
		owners->items[owners->count++] = (struct owner){
			.api_version = or_empty(value_interned(r, &item, F("apiVersion", 5))),
			.kind = or_empty(value_interned(r, &item, F("kind", 1))),
			.name = or_empty(value_interned(r, &item, F("name", 3))),
			.uid = or_empty(value_interned(r, &item, F("uid", 4))),
			.is_controller = value_flag(r, &item, F("controller", 6)),
		};
	return value_remember(r, MEMO_OWNERS, span,
		intern_block(r->interner, owners, sizeof(*owners) + owners->count * sizeof(owners->items[0])));
}

void decode_meta(struct reading *r, struct meta *ret_meta)
{
	struct value *meta = r->meta;
	const char *name = value_own(r, meta, F("name", 1));

	if (!name)
		value_fail_at(r, meta, F("name", 1), "the object has no name");
	ret_meta->name = or_empty(name);
	ret_meta->uid = or_empty(value_own(r, meta, F("uid", 5)));
	ret_meta->namespace = value_interned(r, meta, F("namespace", 3));
	ret_meta->labels = value_labels(r, meta, F("labels", 11));
	ret_meta->owners = read_owners(r, meta);
	ret_meta->created = value_time(r, meta, F("creationTimestamp", 8));
	ret_meta->deleted = value_time(r, meta, F("deletionTimestamp", 9));
}

struct meta *decode_namespace(struct reading *r, struct value *object)
{
	struct namespace *namespace = OBJECT_NEW(struct namespace);

	(void)object;
	r->memory = &namespace->meta.memory;
	decode_meta(r, &namespace->meta);
	return &namespace->meta;
}

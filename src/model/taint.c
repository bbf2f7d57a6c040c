#include "clusterutils/model/taint.h"

#include <string.h>

#include "clusterutils/util/memory.h"

static bool effect_matches(uint32_t wanted, uintptr_t effect)
{
	return wanted == EFFECT_NONE || (wanted == effect && effect != EFFECT_OTHER);
}

bool toleration_tolerates(const struct toleration *toleration, const struct taint *taint)
{
	if (!effect_matches(toleration->effect, taint->effect))
		return false;
	if (toleration->key[0] && strcmp(toleration->key, taint->key) != 0)
		return false;
	switch ((enum toleration_operator)toleration->op) {
	case TOLERATION_EQUAL:
		return strcmp(toleration->value, taint->value) == 0;
	case TOLERATION_EXISTS:
		return true;
	case TOLERATION_OTHER:
		return false;
	}
	return false;
}

static bool any_tolerates(const struct toleration_list *tolerations, const struct taint *taint)
{
	for (size_t i = 0; tolerations && i < tolerations->count; i++)
		if (toleration_tolerates(&tolerations->items[i], taint))
			return true;
	return false;
}

const struct taint *taint_first_untolerated(
	const struct taint_list *taints, const struct toleration_list *tolerations, unsigned effects)
{
	for (size_t i = 0; taints && i < taints->count; i++) {
		const struct taint *taint = &taints->items[i];

		if ((effects & 1U << taint->effect) && !any_tolerates(tolerations, taint))
			return taint;
	}
	return NULL;
}

const char *taint_effect_text(enum taint_effect effect)
{
	static const char *const texts[] = {
		[EFFECT_NONE] = "",
		[EFFECT_NO_SCHEDULE] = "NoSchedule",
		[EFFECT_PREFER_NO_SCHEDULE] = "PreferNoSchedule",
		[EFFECT_NO_EXECUTE] = "NoExecute",
		[EFFECT_OTHER] = "unknown",
	};

	return (size_t)effect < ARRAY_LEN(texts) ? texts[effect] : texts[EFFECT_OTHER];
}

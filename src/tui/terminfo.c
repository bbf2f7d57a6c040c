#include "terminfo.h"

#include <stdbool.h>
#include <string.h>

#include "clusterutils/util/text.h"

#include <curses.h>
#include <term.h>

int terminfo_check(const char *type, int output, struct error *err)
{
	int status, result;
	bool can_place;
	const char *place;

	if (!type || !*type)
		return error_set(err, ERROR_FAILED, "TERM is not set: the kind of terminal is not known");
	if (strcmp(type, "dumb") == 0)
		return error_set(err, ERROR_FAILED, "TERM is \"dumb\": this terminal shows no full screen");
	if (!text_is_clean(type, strlen(type)))
		return error_set(err, ERROR_FAILED, "TERM is no name of a terminal");
	result = setupterm(type, output, &status);
	if (result != OK)
		return error_set(
			err, ERROR_FAILED, "the terminal \"%s\" is not known: terminfo has no entry for it", type);
	place = tigetstr("cup");
	can_place = place && place != (const char *)-1;
	del_curterm(cur_term);
	if (!can_place)
		return error_set(err, ERROR_FAILED, "the terminal \"%s\" cannot place its cursor", type);
	return 0;
}

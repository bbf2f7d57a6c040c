/* A fresh folder for a test, with files in it. A failure here ends the test. */
#pragma once

#include <limits.h>

struct folder {
	char path[PATH_MAX];
};

void folder_make(struct folder *folder);
void folder_remove(struct folder *folder); /* with all that is in it */

/* Writes FOLDER/NAME, which may be below folders that are made; the path is valid until the next call. */
const char *folder_write(const struct folder *folder, const char *name, const char *content);
const char *folder_write_script(const struct folder *folder, const char *name, const char *lines); /* for /bin/sh */

#define AUTO_FOLDER CLEANUP(folder_remove) struct folder

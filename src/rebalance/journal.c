#include "journal.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "clusterutils/util/clock.h"
#include "clusterutils/util/file.h"
#include "clusterutils/util/memory.h"
#include "clusterutils/util/quote.h"
#include "clusterutils/util/text.h"
#include "clusterutils/util/timestamp.h"

enum { NAME_MOST = 100 };

struct journal {
	int fd;
	bool is_lent; /* the descriptor is somebody else's */
	char *path;
	char run[TIMESTAMP_SIZE + 16];
	struct buffer line;
};

/* --- where it is --- */

const char *journal_path(const char *server, struct arena *arena)
{
	const char *state = getenv("XDG_STATE_HOME"), *home = getenv("HOME");
	char name[NAME_MOST + 1];
	size_t length = 0;

	for (const char *at = server; *at && length < NAME_MOST; at++) {
		bool is_plain = (*at >= 'a' && *at <= 'z') || (*at >= 'A' && *at <= 'Z') ||
			(*at >= '0' && *at <= '9') || *at == '.' || *at == '-';

		if (is_plain || (length && name[length - 1] != '_'))
			name[length++] = is_plain ? *at : '_';
	}
	name[length] = '\0';
	if (state && *state == '/')
		return arena_printf(arena, "%s/clusterutils/rebalance-%s.jsonl", state, name);
	if (home && *home)
		return arena_printf(arena, "%s/.local/state/clusterutils/rebalance-%s.jsonl", home, name);
	return NULL;
}

/* Like mkdir -p for what is above the file. Who may not is told by the opening that follows. */
static void make_folders(const char *path)
{
	AUTO_FREE char *part = memory_copy_text(path);

	for (char *at = strchr(part + 1, '/'); at; at = strchr(at + 1, '/')) {
		*at = '\0';
		if (mkdir(part, 0700) < 0 && errno != EEXIST)
			return;
		*at = '/';
	}
}

static int fail(const char *path, const char *what, struct error *err)
{
	char cause[128];

	return error_set(err, ERROR_FAILED, "the journal %s cannot be %s: %s", path, what, file_cause(errno, cause));
}

static struct journal *make(int fd, const char *path)
{
	struct journal *journal = NEW(struct journal);
	char now[TIMESTAMP_SIZE];

	journal->fd = fd;
	journal->path = memory_copy_text(path);
	snprintf(journal->run, sizeof(journal->run), "%s/%ld", timestamp_text(clock_now(), now), (long)getpid());
	return journal;
}

int journal_open(const char *path, struct journal **ret_journal, struct error *err)
{
	int fd;

	make_folders(path);
	fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_CLOEXEC, 0600);
	if (fd < 0)
		return fail(path, "opened", err);
	if (flock(fd, LOCK_EX | LOCK_NB) < 0) {
		int number = errno;

		close(fd);
		if (number == EWOULDBLOCK)
			return error_set(err, ERROR_CONFLICT,
				"another run is under way on this machine (see: rebalance status)");
		errno = number;
		return fail(path, "locked", err);
	}
	*ret_journal = make(fd, path);
	return 0;
}

struct journal *journal_on(int fd)
{
	struct journal *journal = make(fd, "stdout");

	journal->is_lent = true;
	return journal;
}

void journal_close(struct journal *journal)
{
	if (!journal)
		return;
	if (!journal->is_lent)
		close(journal->fd); /* and with it goes the lock */
	buffer_release(&journal->line);
	free(journal->path);
	free(journal);
}

/* --- a line --- */

static void add_text(struct buffer *line, const char *key, const char *text)
{
	buffer_printf(line, ",\"%s\":", key);
	if (text)
		quote_json(line, text, strlen(text));
	else
		buffer_add_text(line, "null");
}

static void begin_line(struct journal *journal, const char *event)
{
	char now[TIMESTAMP_SIZE];

	buffer_clear(&journal->line);
	buffer_printf(&journal->line, "{\"time\":\"%s\"", timestamp_text(clock_now(), now));
	add_text(&journal->line, "run", journal->run);
	add_text(&journal->line, "event", event);
}

/* One write a line, so that lines of two programs never mix. */
static int end_line(struct journal *journal, struct error *err)
{
	size_t done = 0;

	buffer_add_text(&journal->line, "}\n");
	while (done < journal->line.length) {
		ssize_t written = write(journal->fd, journal->line.bytes + done, journal->line.length - done);

		if (written < 0 && errno == EINTR)
			continue;
		if (written < 0)
			return fail(journal->path, "written", err);
		done += (size_t)written;
	}
	return 0;
}

int journal_begin(struct journal *journal, const struct orders *orders, struct error *err)
{
	if (!journal)
		return 0;
	begin_line(journal, "begin");
	buffer_printf(&journal->line, ",\"moves\":%zu,\"waves\":%u", orders->count, orders->waves);
	return end_line(journal, err);
}

int journal_wave(struct journal *journal, unsigned wave, struct error *err)
{
	if (!journal)
		return 0;
	begin_line(journal, "wave");
	buffer_printf(&journal->line, ",\"wave\":%u", wave);
	return end_line(journal, err);
}

int journal_move(struct journal *journal, const struct move *move, struct error *err)
{
	const struct order *order = move->order;
	struct buffer *line;

	if (!journal)
		return 0;
	line = &journal->line;
	begin_line(journal, "move");
	add_text(line, "namespace", order->namespace);
	add_text(line, "name", order->name);
	add_text(line, "uid", order->uid);
	add_text(line, "ownerKind", order->owner_kind);
	add_text(line, "ownerName", order->owner_name);
	add_text(line, "strategy", order->strategy);
	add_text(line, "from", order->from);
	add_text(line, "to", order->to);
	buffer_printf(line, ",\"wave\":%u", order->wave);
	add_text(line, "state", move_state_texts[move->state]);
	add_text(line, "pod", move->name);
	add_text(line, "landed", move->landed);
	if (move->state == MOVE_DONE && move->asked != TIME_NONE)
		buffer_printf(line, ",\"seconds\":%lld", (long long)(clock_now() - move->asked));
	add_text(line, "why", move->why);
	add_text(line, "miss", move->miss);
	return end_line(journal, err);
}

int journal_end(struct journal *journal, const char *state, const char *why, struct error *err)
{
	if (!journal)
		return 0;
	begin_line(journal, "end");
	add_text(&journal->line, "state", state);
	add_text(&journal->line, "why", why);
	return end_line(journal, err);
}

int journal_pass(struct journal *journal, size_t moves, size_t withheld, const char *state, struct error *err)
{
	if (!journal)
		return 0;
	begin_line(journal, "pass");
	buffer_printf(&journal->line, ",\"moves\":%zu,\"withheld\":%zu", moves, withheld);
	add_text(&journal->line, "state", state);
	return end_line(journal, err);
}

int journal_error(struct journal *journal, const char *why, struct error *err)
{
	if (!journal)
		return 0;
	begin_line(journal, "error");
	add_text(&journal->line, "why", why);
	return end_line(journal, err);
}

#include "clusterutils/util/url.h"

#include "suite.h"

/* What Go's url.Parse makes of it: written again, host, port. */
static const struct {
	const char *text, *again, *hostname, *port;
} urls[] = {
	{ "https://home.lan:6443", "https://home.lan:6443", "home.lan", "6443" },
	{ "HTTPS://Home.LAN", "https://Home.LAN", "Home.LAN", "" },
	{ "https://[fd00::2]:6443/", "https://[fd00::2]:6443/", "fd00::2", "6443" },
	{ "https://[fe80::1%25eth0]:80", "https://[fe80::1%25eth0]:80", "fe80::1%eth0", "80" },
	{ "https://u:p%40@home.lan/k8s?q=1#top", "https://u:p%40@home.lan/k8s?q=1#top", "home.lan", "" },
	{ "https://home.lan/a b", "https://home.lan/a%20b", "home.lan", "" },
	{ "https://home.lan/a%2fb", "https://home.lan/a%2fb", "home.lan", "" },
	{ "https://home.lan?", "https://home.lan?", "home.lan", "" },
	{ "home.lan", "home.lan", "", "" },
	{ "home.lan:6443", "home.lan:6443", "", "" },
	{ "mailto:x", "mailto:x", "", "" },
	{ "https:/path", "https:/path", "", "" },
	{ "//home.lan/x", "//home.lan/x", "home.lan", "" },
	{ "", "", "", "" },
};

START_TEST(parts_are_found_and_written_again)
{
	AUTO_ARENA arena = { 0 };
	struct error err = { 0 };
	struct url url;

	ck_assert_msg(url_parse(urls[_i].text, &arena, &url, &err) == 0, "%s", err.message);
	ck_assert_str_eq(url_text(&url, &arena), urls[_i].again);
	ck_assert_str_eq(url_hostname(&url, &arena), urls[_i].hostname);
	ck_assert_str_eq(url_port(&url, &arena), urls[_i].port);
}
END_TEST

static const struct {
	const char *text, *message;
} refused[] = {
	{ "10.0.0.2:6443", "parse \"10.0.0.2:6443\": first path segment in URL cannot contain colon" },
	{ "https://home.lan:x", "parse \"https://home.lan:x\": invalid port \":x\" after host" },
	{ "https://ho me", "parse \"https://ho me\": invalid character \" \" in host name" },
	{ "https://[fd00::2", "parse \"https://[fd00::2\": missing ']' in host" },
	{ "https://home.lan/%zz", "parse \"https://home.lan/%zz\": invalid URL escape \"%zz\"" },
	{ "https://x%41", "parse \"https://x%41\": invalid URL escape \"%41\"" },
	{ "https://home.lan/%0", "parse \"https://home.lan/%0\": invalid URL escape \"%0\"" },
	{ "https://u p@home.lan", "parse \"https://u p@home.lan\": net/url: invalid userinfo" },
	{ "://x", "parse \"://x\": missing protocol scheme" },
	{ "https://a\tb", "parse \"https://a\\tb\": net/url: invalid control character in URL" },
};

START_TEST(what_is_no_url_is_refused_in_the_words_of_go)
{
	AUTO_ARENA arena = { 0 };
	struct error err = { 0 };
	struct url url;

	ck_assert_int_eq(url_parse(refused[_i].text, &arena, &url, &err), -1);
	ck_assert_str_eq(err.message, refused[_i].message);
}
END_TEST

START_TEST(of_a_request_a_fragment_is_path)
{
	AUTO_ARENA arena = { 0 };
	struct error err = { 0 };
	struct url url;

	ck_assert_int_eq(url_parse_request("https://home.lan/p#top?q", &arena, &url, &err), 0);
	ck_assert_str_eq(url.path, "/p#top");
	ck_assert_str_eq(url.query, "q");
	ck_assert_str_eq(url_text(&url, &arena), "https://home.lan/p%23top?q");
	ck_assert_int_eq(url_parse_request("home.lan", &arena, &url, &err), -1);
	ck_assert_int_eq(url_parse_request("", &arena, &url, &err), -1);
}
END_TEST

TEST_MAIN("util/url", TEST_TABLE(parts_are_found_and_written_again, urls),
	TEST_TABLE(what_is_no_url_is_refused_in_the_words_of_go, refused), TEST(of_a_request_a_fragment_is_path))

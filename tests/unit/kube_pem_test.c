#include "../../src/kube/pem.h"

#include <string.h>

#include "certificate.h"
#include "clusterutils/util/buffer.h"
#include "suite.h"

#define RUBBISH(type) "-----BEGIN " type "-----\nQUJD\n-----END " type "-----\n"

static struct blob blob(const struct buffer *bytes)
{
	return (struct blob){ buffer_text(bytes), bytes->length };
}

static struct blob text(const char *pem)
{
	return (struct blob){ pem, strlen(pem) };
}

static const struct {
	const char *pem, *message;
} authorities[] = {
	{ "", "unable to parse bytes as PEM block" },
	{ "CA FILE\n", "unable to parse bytes as PEM block" },
	{ RUBBISH("CERTIFICATE"), "failed to parse certificate: x509: malformed certificate" },
	{ RUBBISH("PUBLIC KEY"), "no valid certificate authority data seen" },
	{ "-----BEGIN CERTIFICATE-----\nName: x\n\nQUJD\n-----END CERTIFICATE-----\n",
		"no valid certificate authority data seen" },
};

START_TEST(an_authority_that_is_none_is_told)
{
	struct blob bytes = text(authorities[_i].pem);
	struct error err = { 0 };

	ck_assert_int_eq(pem_check_authority(&bytes, &err), -1);
	ck_assert_ptr_nonnull(strstr(err.message, "unable to load root certificates: "));
	ck_assert_ptr_nonnull(strstr(err.message, authorities[_i].message));
}
END_TEST

START_TEST(one_good_certificate_among_others_is_an_authority)
{
	AUTO_BUFFER certificate = { 0 }, key = { 0 }, all = { 0 };
	struct error err = { 0 };
	struct blob bytes;

	certificate_make("ca", &certificate, &key);
	buffer_printf(&all, "words\n%s%s-----BEGIN X-----\n*\n-----END X-----\n%s", RUBBISH("CERTIFICATE"), key.bytes,
		certificate.bytes);
	bytes = blob(&all);
	ck_assert_msg(pem_check_authority(&bytes, &err) == 0, "%s", err.message);
}
END_TEST

START_TEST(a_certificate_and_its_key_are_a_pair)
{
	AUTO_BUFFER certificate = { 0 }, key = { 0 }, other = { 0 }, other_key = { 0 }, chain = { 0 };
	struct error err = { 0 };
	struct blob c, k;

	certificate_make("ann", &certificate, &key);
	certificate_make("bob", &other, &other_key);
	buffer_printf(&chain, "%s%s", certificate.bytes, other.bytes);
	c = blob(&chain);
	k = blob(&key);
	ck_assert_msg(pem_check_pair(&c, &k, &err) == 0, "%s", err.message);
	k = blob(&other_key);
	ck_assert_int_eq(pem_check_pair(&c, &k, &err), -1);
	ck_assert_str_eq(err.message, "tls: private key does not match public key");
	ck_assert_int_eq(pem_check_pair(&k, &k, &err), -1);
	ck_assert_str_eq(err.message,
		"tls: failed to find certificate PEM data in certificate input, but did find a private key; PEM inputs may "
		"have been switched");
	c = blob(&certificate);
	ck_assert_int_eq(pem_check_pair(&c, &c, &err), -1);
	ck_assert_str_eq(err.message, "tls: found a certificate rather than a key in the PEM for the private key");
}
END_TEST

static const struct {
	const char *certificate, *key, *message; /* NULL for a good one */
} pairs[] = {
	{ "", NULL, "tls: failed to find any PEM data in certificate input" },
	{ RUBBISH("CERTIFICATE"), NULL, "x509: malformed certificate" },
	{ RUBBISH("A") RUBBISH("B"), NULL,
		"tls: failed to find \"CERTIFICATE\" PEM block in certificate input after skipping PEM blocks of the "
		"following types: [A B]" },
	{ NULL, "", "tls: failed to find any PEM data in key input" },
	{ NULL, RUBBISH("EC PARAMETERS"),
		"tls: failed to find PEM block with type ending in \"PRIVATE KEY\" in key input after skipping PEM blocks "
		"of the following types: [EC PARAMETERS]" },
	{ NULL, RUBBISH("EC PARAMETERS") RUBBISH("EC PRIVATE KEY"), "tls: failed to parse private key" },
	{ NULL, RUBBISH("ENCRYPTED PRIVATE KEY"), "tls: failed to parse private key" },
};

START_TEST(what_is_no_pair_is_told_in_the_words_of_go)
{
	AUTO_BUFFER certificate = { 0 }, key = { 0 };
	struct error err = { 0 };
	struct blob c, k;

	certificate_make("ann", &certificate, &key);
	c = pairs[_i].certificate ? text(pairs[_i].certificate) : blob(&certificate);
	k = pairs[_i].key ? text(pairs[_i].key) : blob(&key);
	ck_assert_int_eq(pem_check_pair(&c, &k, &err), -1);
	ck_assert_str_eq(err.message, pairs[_i].message);
}
END_TEST

TEST_MAIN("kube/pem", TEST_TABLE(an_authority_that_is_none_is_told, authorities),
	TEST(one_good_certificate_among_others_is_an_authority), TEST(a_certificate_and_its_key_are_a_pair),
	TEST_TABLE(what_is_no_pair_is_told_in_the_words_of_go, pairs))

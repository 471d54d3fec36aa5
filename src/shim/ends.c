/* The two ends of a socket, for rules and the log. */
#include "shim/ends.h"

#include <netinet/in.h>

#include "shim/ask.h"
#include "shim/log.h"
#include "shim/sockets.h"

/* Returns true if a rule uses the ends or the log prints them. */
static bool ends_matter(void)
{
	return sockets_stages || log_wants(LEVEL_INFO);
}

struct endpoint ends_of_listener(int fd)
{
	struct endpoint endpoint = { .role = ROLE_SERVER };

	if (ends_matter())
		ask_local_port(fd, &endpoint);
	return endpoint;
}

struct endpoint ends_of_accepted(int fd)
{
	struct endpoint endpoint = ends_of_listener(fd);

	if (ends_matter())
		ask_remote(fd, &endpoint);
	return endpoint;
}

bool ends_name_destination(void)
{
	return sockets_stages & RULES_BY_DESTINATION || log_wants(LEVEL_INFO);
}

struct endpoint ends_of_client(int fd, const struct sockaddr *address, socklen_t length)
{
	struct endpoint endpoint = { .role = ROLE_CLIENT };
	struct sockaddr_in6 copy = { 0 };
	size_t size = length < sizeof copy ? length : sizeof copy;

	if (!ends_name_destination() || length > INT32_MAX || !ask_is_readable(fd, address, size))
		return endpoint;
	for (size_t i = 0; i < size; i++)
		((char *)&copy)[i] = ((const char *)address)[i];
	endpoint.remote_known = address_from_socket((const struct sockaddr *)&copy, size,
						    &endpoint.remote, &endpoint.remote_port);
	return endpoint;
}

struct endpoint ends_by_state(int fd, enum descriptor_state state)
{
	struct endpoint endpoint = { .role = ROLE_CLIENT };

	switch (state) {
	case DESCRIPTOR_LISTENER:
	case DESCRIPTOR_FOREIGN_LISTENER:
		return ends_of_listener(fd);
	case DESCRIPTOR_ACCEPTED:
		return ends_of_accepted(fd);
	case DESCRIPTOR_FOREIGN_CLIENT:
	case DESCRIPTOR_CLIENT:
		if (ends_matter())
			ask_remote(fd, &endpoint);
		return endpoint;
	default:
		return (struct endpoint){ 0 };
	}
}

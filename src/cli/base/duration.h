/* Durations, written for people. */
#ifndef KEEPALIVE_DURATION_H
#define KEEPALIVE_DURATION_H

struct duration {
	char at[32];
};

/* Returns "75.8s", "15min 2s", "2h", "2h 11min 15s"; "never" if the time is negative. */
struct duration duration_of(long long milliseconds);

/* Returns it rounded to what fits a narrow column: "7.5s", "42s", "15min", "1h 59min". */
struct duration duration_rough(long long milliseconds);

#endif

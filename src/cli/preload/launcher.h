/* Programs that start another one with a new environment: sudo, su -, env -i. */
#ifndef KEEPALIVE_LAUNCHER_H
#define KEEPALIVE_LAUNCHER_H

struct root;

/*
 * Why LD_PRELOAD does not reach the program that a command line starts; and the control group in
 * which that runs: the same, one of its own if PAM begins a session, or one elsewhere.
 */
struct launcher {
	const char *name;     /* the word that drops it from the environment; NULL: none */
	const char *obstacle; /* the end of a sentence that begins with the name */
	enum launcher_group { GROUP_SAME, GROUP_SESSION, GROUP_OTHER } group;
};

/*
 * Looks at a command line, through env, nice, timeout and the like, and the #! lines of scripts,
 * which are found below `root` as systemd does (NULL: as execvp does). Knows only the words: what a
 * script does inside is not looked at.
 */
struct launcher launcher_find(char *const *words, const struct root *root);

#endif

# The command.

EXTRA_DIST += completions/keepalive.bash man/keepalive.1

if CLI
bin_PROGRAMS = keepalive
dist_man_MANS += man/keepalive.1
bashcompletionsdir = $(datadir)/bash-completion/completions
nodist_bashcompletions_DATA = completions/keepalive
fishcompletionsdir = $(datadir)/fish/vendor_completions.d
dist_fishcompletions_DATA = completions/keepalive.fish
dist_zshcompletions_DATA = completions/_keepalive

# Under the name by which bash looks for it.
completions/keepalive: completions/keepalive.bash
	$(AM_V_GEN)$(MKDIR_P) completions && cp $(srcdir)/completions/keepalive.bash $@
CLEANFILES += completions/keepalive

keepalive_SOURCES = \
	src/cli/apply.c \
	src/cli/change.c \
	src/cli/change.h \
	src/cli/check.c \
	src/cli/column.h \
	src/cli/configuration.c \
	src/cli/configuration.h \
	src/cli/diag.c \
	src/cli/diag.h \
	src/cli/disable.c \
	src/cli/doubts.c \
	src/cli/doubts.h \
	src/cli/dropin.c \
	src/cli/dropin.h \
	src/cli/dropin_text.c \
	src/cli/dropin_text.h \
	src/cli/enable.c \
	src/cli/ending.c \
	src/cli/ending.h \
	src/cli/executable.c \
	src/cli/executable.h \
	src/cli/explain.c \
	src/cli/flags.c \
	src/cli/flags.h \
	src/cli/held.c \
	src/cli/held.h \
	src/cli/idle_timeout.c \
	src/cli/idle_timeout.h \
	src/cli/intent.c \
	src/cli/intent.h \
	src/cli/known.c \
	src/cli/known.h \
	src/cli/launcher.c \
	src/cli/launcher.h \
	src/cli/library.c \
	src/cli/library.h \
	src/cli/main.c \
	src/cli/memory.c \
	src/cli/memory.h \
	src/cli/namespace.c \
	src/cli/namespace.h \
	src/cli/nearest.c \
	src/cli/nearest.h \
	src/cli/notes.c \
	src/cli/notes.h \
	src/cli/obstacles.h \
	src/cli/obstacles_commands.c \
	src/cli/obstacles_filter.c \
	src/cli/obstacles_mounts.c \
	src/cli/obstacles_namesakes.c \
	src/cli/obstacles_permissions.c \
	src/cli/obstacles_programs.c \
	src/cli/operand.c \
	src/cli/operand.h \
	src/cli/pids.c \
	src/cli/pids.h \
	src/cli/postgres.c \
	src/cli/predict.c \
	src/cli/predict.h \
	src/cli/preloaded.c \
	src/cli/preloaded.h \
	src/cli/process.c \
	src/cli/process.h \
	src/cli/process_user.c \
	src/cli/refusal.c \
	src/cli/refusal.h \
	src/cli/report.c \
	src/cli/report.h \
	src/cli/root.c \
	src/cli/root.h \
	src/cli/rows.c \
	src/cli/rows.h \
	src/cli/run.c \
	src/cli/settings_flags.h \
	src/cli/show.c \
	src/cli/sockets.c \
	src/cli/sockets.h \
	src/cli/syntax.c \
	src/cli/syntax.h \
	src/cli/systemctl.c \
	src/cli/systemctl.h \
	src/cli/table.c \
	src/cli/table.h \
	src/cli/timeline.c \
	src/cli/timeline.h \
	src/cli/unit.c \
	src/cli/unit.h \
	src/cli/unit_environment.c \
	src/cli/unit_files.c \
	src/cli/unit_files.h \
	src/cli/unit_places.c \
	src/cli/unit_places.h \
	src/cli/unit_processes.c \
	src/cli/unit_processes.h \
	src/cli/unit_specifiers.c \
	src/cli/variables.c \
	src/cli/variables.h \
	src/cli/verb.h \
	src/cli/verify.c \
	src/cli/verify.h \
	src/cli/wanted.c \
	src/cli/wanted.h \
	src/cli/words.c \
	src/cli/words.h
keepalive_CPPFLAGS = $(AM_CPPFLAGS) -D_GNU_SOURCE -DVERSION='"$(VERSION)"' \
	-DLIBDIR='"$(libdir)"' -DSYSCONFDIR='"$(sysconfdir)"'
keepalive_CFLAGS = $(AM_CFLAGS) $(SMARTCOLS_CFLAGS) $(MNL_CFLAGS) $(ELF_CFLAGS)
keepalive_LDADD = libcore.la $(SMARTCOLS_LIBS) $(MNL_LIBS) $(ELF_LIBS)
endif

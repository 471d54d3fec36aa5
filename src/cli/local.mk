# The command.

EXTRA_DIST += completions/keepalive.bash man/keepalive.1 src/bpf/decide.h src/bpf/keepalive.bpf.c \
	src/bpf/lines.h src/bpf/simple.h src/bpf/socket.h

if CLI
bin_PROGRAMS = keepalive
dist_man_MANS += man/keepalive.1
bashcompletionsdir = $(datadir)/bash-completion/completions
nodist_bashcompletions_DATA = completions/keepalive
fishcompletionsdir = $(datadir)/fish/vendor_completions.d
dist_fishcompletions_DATA = completions/keepalive.fish
dist_zshcompletions_DATA = completions/_keepalive

# bash expects this name.
completions/keepalive: completions/keepalive.bash
	$(AM_V_GEN)$(MKDIR_P) completions && cp $(srcdir)/completions/keepalive.bash $@
CLEANFILES += completions/keepalive

keepalive_SOURCES = \
	src/cli/apply.c \
	src/cli/attach.c \
	src/cli/audit.c \
	src/cli/check.c \
	src/cli/detach.c \
	src/cli/disable.c \
	src/cli/enable.c \
	src/cli/events.c \
	src/cli/explain.c \
	src/cli/main.c \
	src/cli/run.c \
	src/cli/show.c \
	src/cli/verb.h \
	src/cli/base/clock.c \
	src/cli/base/clock.h \
	src/cli/base/duration.c \
	src/cli/base/duration.h \
	src/cli/base/failure.c \
	src/cli/base/failure.h \
	src/cli/base/kernel.c \
	src/cli/base/kernel.h \
	src/cli/base/memory.c \
	src/cli/base/memory.h \
	src/cli/base/name.c \
	src/cli/base/name.h \
	src/cli/base/pids.c \
	src/cli/base/pids.h \
	src/cli/base/root.c \
	src/cli/base/root.h \
	src/cli/forecast/cause.c \
	src/cli/forecast/cause.h \
	src/cli/forecast/detection.c \
	src/cli/forecast/detection.h \
	src/cli/forecast/judge.c \
	src/cli/forecast/judge.h \
	src/cli/forecast/notes.c \
	src/cli/forecast/notes.h \
	src/cli/forecast/predict.c \
	src/cli/forecast/predict.h \
	src/cli/forecast/tally.c \
	src/cli/forecast/tally.h \
	src/bpf/plan.h \
	src/cli/groups/group.c \
	src/cli/groups/group.h \
	src/cli/groups/owner.c \
	src/cli/groups/owner.h \
	src/cli/groups/planning.c \
	src/cli/groups/planning.h \
	src/cli/groups/programs.h \
	src/cli/groups/reason.c \
	src/cli/groups/reason.h \
	src/cli/preload/env.c \
	src/cli/preload/env.h \
	src/cli/preload/executable.c \
	src/cli/preload/executable.h \
	src/cli/preload/launcher.c \
	src/cli/preload/launcher.h \
	src/cli/preload/library.c \
	src/cli/preload/library.h \
	src/cli/preload/places.c \
	src/cli/preload/places.h \
	src/cli/preload/preloaded.c \
	src/cli/preload/preloaded.h \
	src/cli/sockets/channel.c \
	src/cli/sockets/channel.h \
	src/cli/sockets/connections.c \
	src/cli/sockets/connections.h \
	src/cli/sockets/counters.c \
	src/cli/sockets/counters.h \
	src/cli/sockets/descriptors.c \
	src/cli/sockets/descriptors.h \
	src/cli/sockets/diag.c \
	src/cli/sockets/diag.h \
	src/cli/sockets/diag_message.c \
	src/cli/sockets/ending.c \
	src/cli/sockets/ending.h \
	src/cli/sockets/held.c \
	src/cli/sockets/held.h \
	src/cli/sockets/known.c \
	src/cli/sockets/known.h \
	src/cli/sockets/namespace.c \
	src/cli/sockets/namespace.h \
	src/cli/sockets/proc.c \
	src/cli/sockets/proc.h \
	src/cli/sockets/process.c \
	src/cli/sockets/process.h \
	src/cli/sockets/process_user.c \
	src/cli/sockets/refusal.c \
	src/cli/sockets/refusal.h \
	src/cli/sockets/sample.c \
	src/cli/sockets/sample.h \
	src/cli/sockets/sockets.c \
	src/cli/sockets/sockets.h \
	src/cli/sockets/unclaimed.c \
	src/cli/sockets/unclaimed.h \
	src/cli/systemd/assignments.c \
	src/cli/systemd/assignments.h \
	src/cli/systemd/attach_line.c \
	src/cli/systemd/attach_line.h \
	src/cli/systemd/dropin.c \
	src/cli/systemd/dropin.h \
	src/cli/systemd/dropin_text.c \
	src/cli/systemd/dropin_text.h \
	src/cli/systemd/environment_file.c \
	src/cli/systemd/environment_file.h \
	src/cli/systemd/obstacles.c \
	src/cli/systemd/obstacles.h \
	src/cli/systemd/obstacles_commands.c \
	src/cli/systemd/obstacles_filter.c \
	src/cli/systemd/obstacles_kernel.c \
	src/cli/systemd/obstacles_mounts.c \
	src/cli/systemd/obstacles_namesakes.c \
	src/cli/systemd/obstacles_permissions.c \
	src/cli/systemd/obstacles_programs.c \
	src/cli/systemd/paths.c \
	src/cli/systemd/paths.h \
	src/cli/systemd/obstacles_rivals.c \
	src/cli/systemd/postgres.c \
	src/cli/systemd/service.h \
	src/cli/systemd/syntax.c \
	src/cli/systemd/syntax.h \
	src/cli/systemd/systemctl.c \
	src/cli/systemd/systemctl.h \
	src/cli/systemd/unit.c \
	src/cli/systemd/unit.h \
	src/cli/systemd/unit_dropins.c \
	src/cli/systemd/unit_dropins.h \
	src/cli/systemd/unit_environment.c \
	src/cli/systemd/unit_environment.h \
	src/cli/systemd/unit_files.c \
	src/cli/systemd/unit_files.h \
	src/cli/systemd/unit_name.c \
	src/cli/systemd/unit_name.h \
	src/cli/systemd/unit_places.c \
	src/cli/systemd/unit_places.h \
	src/cli/systemd/unit_processes.c \
	src/cli/systemd/unit_processes.h \
	src/cli/systemd/unit_specifiers.c \
	src/cli/systemd/unit_specifiers.h \
	src/cli/systemd/variables.c \
	src/cli/systemd/variables.h \
	src/cli/ui/applying.c \
	src/cli/ui/applying.h \
	src/cli/ui/audited.c \
	src/cli/ui/audited.h \
	src/cli/ui/audited_text.c \
	src/cli/ui/change.c \
	src/cli/ui/change.h \
	src/cli/ui/column.h \
	src/cli/ui/columns.c \
	src/cli/ui/columns.h \
	src/cli/ui/configuration.c \
	src/cli/ui/configuration.h \
	src/cli/ui/detaching.c \
	src/cli/ui/detaching.h \
	src/cli/ui/differences.c \
	src/cli/ui/differences.h \
	src/cli/ui/document.c \
	src/cli/ui/document.h \
	src/cli/ui/doubts.c \
	src/cli/ui/doubts.h \
	src/cli/ui/drawing.c \
	src/cli/ui/enabling.c \
	src/cli/ui/enabling.h \
	src/cli/ui/ended.c \
	src/cli/ui/ended.h \
	src/cli/ui/ended_json.c \
	src/cli/ui/entries.c \
	src/cli/ui/entries.h \
	src/cli/ui/existing.c \
	src/cli/ui/existing.h \
	src/cli/ui/explanation.c \
	src/cli/ui/explanation.h \
	src/cli/ui/filter.c \
	src/cli/ui/filter.h \
	src/cli/ui/fit.c \
	src/cli/ui/fit.h \
	src/cli/ui/flags.c \
	src/cli/ui/flags.h \
	src/cli/ui/following.c \
	src/cli/ui/following.h \
	src/cli/ui/holder.c \
	src/cli/ui/holder.h \
	src/cli/ui/intent.c \
	src/cli/ui/intent.h \
	src/cli/ui/listing.c \
	src/cli/ui/listing.h \
	src/cli/ui/method.c \
	src/cli/ui/method.h \
	src/cli/ui/metrics.c \
	src/cli/ui/metrics.h \
	src/cli/ui/nearest.c \
	src/cli/ui/nearest.h \
	src/cli/ui/networks.c \
	src/cli/ui/networks.h \
	src/cli/ui/operand.c \
	src/cli/ui/operand.h \
	src/cli/ui/order.c \
	src/cli/ui/order.h \
	src/cli/ui/picture.c \
	src/cli/ui/picture.h \
	src/cli/ui/picture_print.c \
	src/cli/ui/picture_svg.c \
	src/cli/ui/place.c \
	src/cli/ui/place.h \
	src/cli/ui/printed.c \
	src/cli/ui/printed.h \
	src/cli/ui/reach.c \
	src/cli/ui/reach.h \
	src/cli/ui/remedy.c \
	src/cli/ui/remedy.h \
	src/cli/ui/report.c \
	src/cli/ui/report.h \
	src/cli/ui/rows.c \
	src/cli/ui/rows.h \
	src/cli/ui/screen.c \
	src/cli/ui/screen.h \
	src/cli/ui/seconds.c \
	src/cli/ui/seconds.h \
	src/cli/ui/services.c \
	src/cli/ui/services.h \
	src/cli/ui/settings_flags.c \
	src/cli/ui/settings_flags.h \
	src/cli/ui/suggestion.c \
	src/cli/ui/table.c \
	src/cli/ui/table.h \
	src/cli/ui/target.c \
	src/cli/ui/target.h \
	src/cli/ui/text.c \
	src/cli/ui/text.h \
	src/cli/ui/time_flag.c \
	src/cli/ui/time_flag.h \
	src/cli/ui/verdict.c \
	src/cli/ui/verified.c \
	src/cli/ui/verified.h \
	src/cli/ui/verify.c \
	src/cli/ui/verify.h \
	src/cli/ui/wanted.c \
	src/cli/ui/watch.c \
	src/cli/ui/watch.h \
	src/cli/ui/wanted.h \
	src/cli/ui/words.c \
	src/cli/ui/words.h
keepalive_CPPFLAGS = $(CORE_CPPFLAGS) -Isrc -D_GNU_SOURCE -DVERSION='"$(VERSION)"' \
	-DLIBDIR='"$(libdir)"' -DBINDIR='"$(bindir)"' -DSYSCONFDIR='"$(sysconfdir)"' $(MULTIARCH)
keepalive_CFLAGS = $(AM_CFLAGS) $(SMARTCOLS_CFLAGS) $(MNL_CFLAGS) $(ELF_CFLAGS)

# The presets as a table in C, for explain --network.
EXTRA_DIST += src/cli/ui/networks.awk
src/cli/ui/networks.inc: src/cli/ui/networks.awk $(dist_presets_DATA)
	$(AM_V_GEN)$(MKDIR_P) src/cli/ui && (cd $(srcdir) && $(AWK) -f src/cli/ui/networks.awk \
		$(dist_presets_DATA)) >$@.new && mv $@.new $@
src/cli/ui/keepalive-networks.$(OBJEXT): src/cli/ui/networks.inc
CLEANFILES += src/cli/ui/networks.inc

keepalive_LDADD = libcore.la $(SMARTCOLS_LIBS) $(MNL_LIBS) $(ELF_LIBS)

# The BPF programs of attach. Their skeleton is a header with the object file and the functions that load
# it; the compiler's warnings are not for what bpftool writes.
bpf_sources = src/bpf/keepalive.bpf.c src/bpf/decide.h src/bpf/lines.h src/bpf/plan.h src/bpf/simple.h \
	src/bpf/socket.h src/core/address.h src/core/option.h src/core/policy.h src/core/rules.h src/core/text.h
if ATTACH
keepalive_SOURCES += src/cli/groups/older.c src/cli/groups/older.h src/cli/groups/programs.c
keepalive_CPPFLAGS += -isystem src/bpf
keepalive_CFLAGS += $(LIBBPF_CFLAGS)
keepalive_LDADD += $(LIBBPF_LIBS)
CLEANFILES += src/bpf/keepalive.bpf.o src/bpf/keepalive.skel.h

src/bpf/keepalive.bpf.o: $(bpf_sources)
	$(AM_V_CC)$(MKDIR_P) src/bpf && $(CLANG) $(BPF_CFLAGS) -I$(srcdir)/src \
		-fdebug-prefix-map=$(abs_builddir)=. -fdebug-prefix-map=$(srcdir)/src=src \
		-c $(srcdir)/src/bpf/keepalive.bpf.c -o $@
src/bpf/keepalive.skel.h: src/bpf/keepalive.bpf.o
	$(AM_V_GEN)$(BPFTOOL) gen skeleton src/bpf/keepalive.bpf.o >$@.new && mv $@.new $@
src/cli/groups/keepalive-older.$(OBJEXT): src/bpf/keepalive.skel.h
src/cli/groups/keepalive-programs.$(OBJEXT): src/bpf/keepalive.skel.h
else
keepalive_SOURCES += src/cli/groups/programs_none.c
endif
endif

# make check-environments: the library in a booted systemd, under an older glibc, in containers, and
# built for other machines. Takes minutes, root, and packages: tests/environments/packages lists
# them. ENVIRONMENTS names some of the parts. Debian trees are kept in the user's cache folder.
ENVIRONMENTS = systemd enable operands launchers old-glibc containers abi examples
EXTRA_DIST += \
	tests/environments/abi \
	tests/environments/boot-x32 \
	tests/environments/booted.sh \
	tests/environments/containers \
	tests/environments/counter.c \
	tests/environments/distributions \
	tests/environments/enable \
	tests/environments/examples \
	tests/environments/launchers \
	tests/environments/lib.sh \
	tests/environments/machine \
	tests/environments/old-glibc \
	tests/environments/operands \
	tests/environments/packages \
	tests/environments/packages-ports \
	tests/environments/port.c \
	tests/environments/ports \
	tests/environments/rootfs \
	tests/environments/run \
	tests/environments/systemd \
	tests/environments/talk.c \
	tests/environments/talk.pl \
	tests/environments/times.c

check-environments: all
	@$(srcdir)/tests/environments/run '$(abs_top_srcdir)' '$(abs_builddir)' $(ENVIRONMENTS)

# make check-ports: the library built for other processors, and a program under it. It takes the
# packages in tests/environments/packages-ports, and root for a tree of trixie: what is missing is
# skipped.
check-ports:
	@$(srcdir)/tests/environments/run '$(abs_top_srcdir)' '$(abs_builddir)' ports

# make check-distributions: the two commands of the README on fresh machines of these Debian releases.
# Takes root, debootstrap, and about three minutes for each.
RELEASES = bullseye bookworm trixie sid

check-distributions: all
	@RELEASES='$(RELEASES)' $(srcdir)/tests/environments/run '$(abs_top_srcdir)' '$(abs_builddir)' \
		distributions

.PHONY: check-environments check-ports check-distributions

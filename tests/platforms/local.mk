# make check-environments: the library in a booted systemd, with an older glibc, in containers, and built for
# other machines. Takes minutes, root, and the packages in tests/platforms/packages. ENVIRONMENTS selects
# parts. Debian trees are kept in the user's cache directory.
ENVIRONMENTS = systemd enable attach operands audit launchers old-glibc containers abi examples
EXTRA_DIST += \
	tests/platforms/abi \
	tests/platforms/attach \
	tests/platforms/audit \
	tests/platforms/boot \
	tests/platforms/boot-x32 \
	tests/platforms/booted.sh \
	tests/platforms/containers \
	tests/platforms/counter.c \
	tests/platforms/distributions \
	tests/platforms/enable \
	tests/platforms/examples \
	tests/platforms/kernels \
	tests/platforms/launchers \
	tests/platforms/lib.sh \
	tests/platforms/machine \
	tests/platforms/old-glibc \
	tests/platforms/operands \
	tests/platforms/packages \
	tests/platforms/packages-kernels \
	tests/platforms/packages-ports \
	tests/platforms/port.c \
	tests/platforms/ports \
	tests/platforms/reproducible \
	tests/platforms/rootfs \
	tests/platforms/run \
	tests/platforms/systemd \
	tests/platforms/talk.c \
	tests/platforms/talk.pl \
	tests/platforms/times.c

check-environments: all
	@$(srcdir)/tests/platforms/run '$(abs_top_srcdir)' '$(abs_builddir)' $(ENVIRONMENTS)

# make check-ports: the library built for other processors, and a program under it. Takes the packages in
# tests/platforms/packages-ports, and root for a tree of trixie; parts that lack something are skipped.
check-ports:
	@$(srcdir)/tests/platforms/run '$(abs_top_srcdir)' '$(abs_builddir)' ports

# make check-reproducible: the archive, the library, the command and all that is installed have the same bytes
# after two builds that differ in directory, time, user, locale and more. Takes root, faketime and git.
check-reproducible:
	@$(srcdir)/tests/platforms/run '$(abs_top_srcdir)' '$(abs_builddir)' reproducible

# make check-distributions: the two commands of README on fresh machines of these Debian releases. Takes root,
# debootstrap, and about three minutes for each release.
RELEASES = bullseye bookworm trixie sid

check-distributions: all
	@RELEASES='$(RELEASES)' $(srcdir)/tests/platforms/run '$(abs_top_srcdir)' '$(abs_builddir)' \
		distributions

# make check-cluster: images with the library, and workloads of Kubernetes that get it. Takes root, and the
# packages in tests/platforms/packages-cluster; CLUSTER selects parts.
CLUSTER = images kustomize apiserver policy
EXTRA_DIST += \
	tests/platforms/engine.sh \
	tests/platforms/images \
	tests/platforms/kube/compare.py \
	tests/platforms/kube/legacy-server.yaml \
	tests/platforms/kube/pod.py \
	tests/platforms/kube/validate.js \
	tests/platforms/kube/workloads.yaml \
	tests/platforms/kustomize \
	tests/platforms/packages-cluster

check-cluster: all
	@$(srcdir)/tests/platforms/run '$(abs_top_srcdir)' '$(abs_builddir)' $(CLUSTER)

# A server to apply to, built from Debian's source (ten minutes the first time), and the policy for a namespace
# in the server's own plugin (five).
EXTRA_DIST += \
	tests/platforms/admission/build \
	tests/platforms/admission/main.go \
	tests/platforms/admission/namespaces.yaml \
	tests/platforms/admission/pods.py \
	tests/platforms/admission/special.yaml \
	tests/platforms/apiserver \
	tests/platforms/apiserver.py \
	tests/platforms/kube-apiserver \
	tests/platforms/policy

# make check-packages: the packages for distributions, built from the release archive, installed, upgraded and
# removed. Takes minutes, root, and the packages in tests/platforms/packages-packages. PACKAGES selects parts.
PACKAGES = debian rpm alpine arch
EXTRA_DIST += \
	tests/platforms/alpine \
	tests/platforms/arch \
	tests/platforms/debian \
	tests/platforms/debs \
	tests/platforms/packages-packages \
	tests/platforms/packaging.sh \
	tests/platforms/rpm

check-packages: all
	@$(srcdir)/tests/platforms/run '$(abs_top_srcdir)' '$(abs_builddir)' $(PACKAGES)

# make check-kernels: attach under Debian's kernels of these releases, in machines that qemu emulates. Takes the
# packages in tests/platforms/packages-kernels, and about three minutes for each release.
KERNELS = bullseye bookworm bookworm-backports trixie sid

check-kernels: all $(check_PROGRAMS) $(check_DATA)
	@KERNELS='$(KERNELS)' $(srcdir)/tests/platforms/run '$(abs_top_srcdir)' '$(abs_builddir)' kernels

.PHONY: check-cluster check-distributions check-environments check-kernels check-packages check-ports \
	check-reproducible

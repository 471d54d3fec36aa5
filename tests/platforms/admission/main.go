// admission MANIFEST...: puts the pods of standard input through the admission chain of an API server that
// has these manifests (policies, bindings, namespaces), and prints them as it would store them, as a JSON
// array.
//
// The chain is the API server's own, with its plugin for MutatingAdmissionPolicy, and calls a policy again as
// the server does. A second plugin stands for the other webhooks of a cluster: it gives a container named
// "late" to pods that have the annotation "late". An unknown field is an error; policies of other versions
// than v1 are ignored.
//
// admission -compile VERSION MANIFEST...: compiles the policies with the functions that Kubernetes VERSION
// has, for a newly written policy.
//
// admission -versions: prints since which versions of Kubernetes there is MutatingAdmissionPolicy, and if it
// is on by default.
package main

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"os"
	"time"

	admissionv1 "k8s.io/api/admissionregistration/v1"
	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/api/meta"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime"
	"k8s.io/apimachinery/pkg/runtime/serializer"
	"k8s.io/apimachinery/pkg/util/version"
	"k8s.io/apimachinery/pkg/util/yaml"
	"k8s.io/apiserver/pkg/admission"
	"k8s.io/apiserver/pkg/admission/initializer"
	"k8s.io/apiserver/pkg/admission/plugin/cel"
	"k8s.io/apiserver/pkg/admission/plugin/policy/mutating"
	"k8s.io/apiserver/pkg/admission/plugin/policy/mutating/patch"
	"k8s.io/apiserver/pkg/admission/plugin/policy/validating"
	"k8s.io/apiserver/pkg/admission/plugin/webhook/matchconditions"
	"k8s.io/apiserver/pkg/authorization/authorizerfactory"
	"k8s.io/apiserver/pkg/cel/environment"
	"k8s.io/apiserver/pkg/util/compatibility"
	"k8s.io/apiserver/pkg/util/feature"
	"k8s.io/client-go/discovery"
	dynamicfake "k8s.io/client-go/dynamic/fake"
	"k8s.io/client-go/informers"
	"k8s.io/client-go/kubernetes/fake"
	"k8s.io/client-go/kubernetes/scheme"
	"k8s.io/client-go/openapi"
	"k8s.io/client-go/openapi/openapitest"
)

func must(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, "admission:", err)
		os.Exit(1)
	}
}

// documents reads YAML or JSON; unknown and repeated fields are errors.
func documents(input io.Reader) (objects []runtime.Object) {
	decoder := serializer.NewCodecFactory(scheme.Scheme, serializer.EnableStrict).UniversalDeserializer()
	reader := yaml.NewDocumentDecoder(io.NopCloser(input))
	buffer := make([]byte, 1<<20)
	for {
		n, err := reader.Read(buffer)
		if errors.Is(err, io.EOF) {
			return objects
		}
		must(err)
		if len(bytes.TrimSpace(buffer[:n])) == 0 {
			continue
		}
		object, _, err := decoder.Decode(bytes.Clone(buffer[:n]), nil, nil)
		must(err)
		objects = append(objects, object)
	}
}

func manifests(names []string) (objects []runtime.Object) {
	for _, name := range names {
		file, err := os.Open(name)
		must(err)
		objects = append(objects, documents(file)...)
		must(file.Close())
	}
	return objects
}

// setDefaults does what the server does when a policy is written: an unset selector selects everything.
func setDefaults(objects []runtime.Object) {
	resources := func(r *admissionv1.MatchResources) {
		if r == nil {
			return
		}
		if r.NamespaceSelector == nil {
			r.NamespaceSelector = &metav1.LabelSelector{}
		}
		if r.ObjectSelector == nil {
			r.ObjectSelector = &metav1.LabelSelector{}
		}
		if r.MatchPolicy == nil {
			equivalent := admissionv1.Equivalent
			r.MatchPolicy = &equivalent
		}
		for i := range r.ResourceRules {
			if r.ResourceRules[i].Scope == nil {
				all := admissionv1.AllScopes
				r.ResourceRules[i].Scope = &all
			}
		}
	}
	for _, object := range objects {
		switch o := object.(type) {
		case *admissionv1.MutatingAdmissionPolicy:
			resources(o.Spec.MatchConstraints)
		case *admissionv1.MutatingAdmissionPolicyBinding:
			resources(o.Spec.MatchResources)
		}
	}
}

// The client of a cluster that is not there has no schemas; client-go brings some for its tests. They are
// older than sidecars, so the field that makes one is added.
type clientset struct{ *fake.Clientset }
type schemas struct{ discovery.DiscoveryInterface }
type client struct{ openapi.Client }
type group struct{ openapi.GroupVersion }

func (c clientset) Discovery() discovery.DiscoveryInterface { return schemas{c.Clientset.Discovery()} }
func (schemas) OpenAPIV3() openapi.Client                   { return client{openapitest.NewEmbeddedFileClient()} }

func (c client) Paths() (map[string]openapi.GroupVersion, error) {
	paths, err := c.Client.Paths()
	for path := range paths {
		paths[path] = group{paths[path]}
	}
	return paths, err
}

func (g group) Schema(contentType string) ([]byte, error) {
	const next = `"stdinOnce": {`
	text, err := g.GroupVersion.Schema(contentType)
	return bytes.ReplaceAll(text, []byte(next), []byte(`"restartPolicy": {"type": "string"},`+next)), err
}

type late struct{ *admission.Handler }

func (late) Admit(_ context.Context, a admission.Attributes, _ admission.ObjectInterfaces) error {
	pod := a.GetObject().(*corev1.Pod)
	containers := pod.Spec.Containers
	if _, wanted := pod.Annotations["late"]; wanted && containers[len(containers)-1].Name != "late" {
		pod.Spec.Containers = append(containers, corev1.Container{Name: "late", Image: "late"})
	}
	return nil
}

// chain returns the admission chain, started, of a cluster with these objects.
func chain(objects []runtime.Object) admission.MutationInterface {
	client := clientset{fake.NewClientset(objects...)}
	factory := informers.NewSharedInformerFactory(client, 0)
	mapper := meta.NewDefaultRESTMapper(nil)
	mapper.Add(corev1.SchemeGroupVersion.WithKind("Pod"), meta.RESTScopeNamespace)

	plugins := admission.NewPlugins()
	mutating.Register(plugins)
	plugins.Register("late", func(io.Reader) (admission.Interface, error) {
		return late{admission.NewHandler(admission.Create)}, nil
	})
	none, err := admission.ReadAdmissionConfiguration(nil, "", nil)
	must(err)
	setup := initializer.New(client, dynamicfake.NewSimpleDynamicClient(scheme.Scheme), factory,
		authorizerfactory.NewAlwaysAllowAuthorizer(), feature.DefaultFeatureGate,
		compatibility.DefaultBuildEffectiveVersion(), make(chan struct{}), mapper)
	handler, err := plugins.NewFromPlugins([]string{mutating.PluginName, "late"}, none, setup,
		admission.DecoratorFunc(func(i admission.Interface, _ string) admission.Interface { return i }))
	must(err)
	factory.Start(make(chan struct{}))
	factory.WaitForCacheSync(make(chan struct{}))
	return handler.(admission.MutationInterface)
}

func admit(handler admission.MutationInterface, pod *corev1.Pod) error {
	return handler.Admit(context.Background(), admission.NewAttributesRecord(pod, nil,
		corev1.SchemeGroupVersion.WithKind("Pod"), pod.Namespace, pod.Name,
		corev1.SchemeGroupVersion.WithResource("pods"), "", admission.Create, &metav1.CreateOptions{},
		false, nil), admission.NewObjectInterfacesFromScheme(scheme.Scheme))
}

func admitAll(names []string) {
	objects := manifests(names)
	setDefaults(objects)
	handler := chain(objects)
	// The plugin reads the schemas in the background. Until it has them, it admits pods unchanged if
	// the policy says so, hence the time.
	time.Sleep(time.Second)
	pods := []*corev1.Pod{}
	for _, object := range documents(os.Stdin) {
		pod := object.(*corev1.Pod)
		must(admit(handler, pod))
		pod.SetGroupVersionKind(corev1.SchemeGroupVersion.WithKind("Pod")) // lost in conversions
		pods = append(pods, pod)
	}
	output := json.NewEncoder(os.Stdout)
	must(output.Encode(pods))
}

// compile does what the server does when a policy is written: functions newer than its version are errors.
func compile(wanted string, names []string) {
	base := environment.MustBaseEnvSet(version.MustParse(wanted))
	for _, object := range manifests(names) {
		policy, ok := object.(*admissionv1.MutatingAdmissionPolicy)
		if !ok {
			continue
		}
		compiler, err := cel.NewCompositedCompiler(base)
		must(err)
		options := cel.OptionalVariableDeclarations{HasAuthorizer: true}
		for _, variable := range policy.Spec.Variables {
			compiler.CompileAndStoreVariable(
				&validating.Variable{Name: variable.Name, Expression: variable.Expression},
				options, environment.NewExpressions)
		}
		for i := range policy.Spec.MatchConditions {
			condition := (*matchconditions.MatchCondition)(&policy.Spec.MatchConditions[i])
			result := compiler.CompileCondition([]cel.ExpressionAccessor{condition}, options,
				environment.NewExpressions)
			must(errors.Join(result.CompilationErrors()...))
		}
		options.HasPatchTypes = true
		for _, mutation := range policy.Spec.Mutations {
			var expression cel.ExpressionAccessor
			if mutation.JSONPatch != nil {
				expression = &patch.JSONPatchCondition{Expression: mutation.JSONPatch.Expression}
			} else {
				expression = &patch.ApplyConfigurationCondition{
					Expression: mutation.ApplyConfiguration.Expression}
			}
			result := compiler.CompileMutatingEvaluator(expression, options, environment.NewExpressions)
			must(errors.Join(result.CompilationErrors()...))
		}
	}
}

func main() {
	if len(os.Args) == 2 && os.Args[1] == "-versions" {
		for _, spec := range feature.DefaultMutableFeatureGate.GetAllVersioned()["MutatingAdmissionPolicy"] {
			stage := string(spec.PreRelease)
			if stage == "" {
				stage = "GA"
			}
			fmt.Println(spec.Version, stage, spec.Default)
		}
	} else if len(os.Args) > 2 && os.Args[1] == "-compile" {
		compile(os.Args[2], os.Args[3:])
	} else {
		admitAll(os.Args[1:])
	}
}

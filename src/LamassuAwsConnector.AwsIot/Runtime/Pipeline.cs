using Amazon.Runtime;
using Amazon.Runtime.Credentials.Internal;
using Amazon.Runtime.Endpoints;
using Amazon.Runtime.Internal;
using Amazon.Runtime.Internal.Auth;

namespace LamassuAwsConnector.AwsIot;

/// <summary>What a service adds to the SDK's pipeline: where a request goes and how it is signed.</summary>
internal static class Pipeline
{
    public static void Customize(RuntimePipeline pipeline)
    {
        pipeline.RemoveHandler<EndpointResolver>();
        pipeline.AddHandlerAfter<Marshaller>(new Resolver());
        pipeline.AddHandlerAfter<Marshaller>(new SignatureV4());
    }

    private sealed class Resolver : BaseEndpointResolver
    {
        protected override EndpointParameters MapEndpointsParameters(IRequestContext requestContext) =>
            EndpointRules.Parameters(requestContext.ClientConfig, requestContext.Request.AlternateEndpoint);
    }

    private sealed class SignatureV4 : BaseAuthResolverHandler
    {
        protected override List<IAuthSchemeOption> ResolveAuthOptions(IExecutionContext executionContext) => AuthSchemeOption.DEFAULT_SIGV4;
    }
}

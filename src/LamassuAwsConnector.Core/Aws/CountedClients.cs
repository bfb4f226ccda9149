using Amazon.IoT;
using Amazon.IotData;
using Amazon.Runtime;
using Amazon.Runtime.Internal;
using LamassuAwsConnector.Core.Telemetry;

namespace LamassuAwsConnector.Core.Aws;

/// <summary>The SDK's clients, with each attempt counted.</summary>
internal sealed class CountedIoTClient(AWSCredentials credentials, AmazonIoTConfig config, Func<PipelineHandler> attempts)
    : AmazonIoTClient(credentials, config)
{
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        pipeline.AddHandlerAfter<RetryHandler>(attempts());
    }
}

/// <inheritdoc cref="CountedIoTClient"/>
internal sealed class CountedIotDataClient(AWSCredentials credentials, AmazonIotDataConfig config, Func<PipelineHandler> attempts)
    : AmazonIotDataClient(credentials, config)
{
    protected override void CustomizeRuntimePipeline(RuntimePipeline pipeline)
    {
        base.CustomizeRuntimePipeline(pipeline);
        pipeline.AddHandlerAfter<RetryHandler>(attempts());
    }
}

/// <summary>Spaces and counts below the SDK's retries, so that each attempt has its turn, and a throttle shows that they hide.</summary>
internal sealed class AwsAttempts(AwsRateLimiter limiter, ConnectorMetrics metrics, TimeProvider timeProvider) : PipelineHandler
{
    public override async Task<T> InvokeAsync<T>(IExecutionContext executionContext)
    {
        var context = executionContext.RequestContext;
        var operation = Operation(context.RequestName);
        await limiter.WaitAsync(operation, context.OriginalRequest, context.CancellationToken);
        var start = timeProvider.GetTimestamp();
        var result = ConnectorTelemetry.Ok;
        try
        {
            return await base.InvokeAsync<T>(executionContext);
        }
        catch (Exception exception)
        {
            result = AwsErrors.Result(exception);
            if (result == ConnectorTelemetry.Throttled)
            {
                limiter.Throttled(operation);
            }

            throw;
        }
        finally
        {
            metrics.AwsAttempted(operation, result, timeProvider.GetElapsedTime(start));
        }
    }

    // RegisterThingRequest: the SDK names a request after its operation.
    private static string Operation(string requestName) =>
        requestName.EndsWith("Request", StringComparison.Ordinal) ? requestName[..^"Request".Length] : requestName;
}

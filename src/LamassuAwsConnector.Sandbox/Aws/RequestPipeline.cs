using Microsoft.AspNetCore.Http.Features;

namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>
/// The way of a request: signature, operation, quota, delay, permission, what shall fail, the operation itself under its region's lock, the answer.
/// </summary>
internal sealed class RequestPipeline
{
    private readonly TimeProvider timeProvider;

    private readonly StandInState standIn;

    private readonly Signatures signatures;

    private readonly Limits limits;

    private readonly Switches switches = new();

    private readonly CallLog log = new();

    private readonly InFlight inFlight = new();

    private readonly ControlApi controlApi;

    private readonly Action<RegionState>? afterOperation;

    public RequestPipeline(AwsStandInOptions options, TimeProvider timeProvider)
    {
        this.timeProvider = timeProvider;
        afterOperation = options.AfterOperation;
        standIn = new StandInState(options.Account);
        // Clients sign with the machine's time, whatever time the tests have made.
        signatures = new Signatures(options.Credentials, standIn.Sessions, TimeProvider.System);
        limits = new Limits(timeProvider);
        controlApi = new ControlApi(standIn, limits, switches, log, timeProvider);
    }

    public async Task HandleAsync(HttpContext context)
    {
        // Only the raw target has the labels as they travelled.
        var target = context.Features.GetRequiredFeature<IHttpRequestFeature>().RawTarget.Split('?', 2);
        var (path, query) = (target[0], target.Length > 1 ? target[1] : "");
        using var buffer = new MemoryStream();
        await context.Request.Body.CopyToAsync(buffer, context.RequestAborted);
        var body = buffer.ToArray();
        if (path.StartsWith(ControlApi.Root, StringComparison.Ordinal))
        {
            await controlApi.HandleAsync(context, path[ControlApi.Root.Length..], body);
            return;
        }

        var started = timeProvider.GetTimestamp();
        var requestId = Guid.NewGuid().ToString();
        var call = log.Begin(context.Request.Method, path, query, body, timeProvider.GetUtcNow());
        (call, var response) = await AnswerAsync(context, call, requestId, body);
        // Before the caller has its answer, so that the log never lags behind what a caller knows.
        log.End(call with { DurationMilliseconds = timeProvider.GetElapsedTime(started).TotalMilliseconds });
        if (response is null)
        {
            context.Abort();
        }
        else
        {
            await response.WriteAsync(context, requestId);
        }
    }

    /// <returns>No response: the connection shall be dropped.</returns>
    private async Task<(LoggedCall Call, AwsResponse? Response)> AnswerAsync(HttpContext context, LoggedCall logged, string requestId, byte[] body)
    {
        var service = Signatures.ClaimedService(context.Request);
        try
        {
            var scope = signatures.Verify(context.Request, logged.Path, logged.Query, body);
            logged = logged with { Service = scope.Service, Region = scope.Region };
            service =
                AwsServices.Named(scope.Service)
                ?? throw AwsException.UnknownOperation($"This stand-in serves the signing scopes iot, iotdata and sts, not {scope.Service}");
            var (operation, labels) = Routes.Find(service, logged.Method, logged.Path);
            operation = service == AwsService.Sts ? SecurityTokens.Find(body) : operation;
            logged = logged with { Operation = operation.Name };
            var call = MakeCall(context, logged, scope.AccessKeyId, requestId, operation, labels, body);
            var (answer, drop) = await RunAsync(operation, call, context.RequestAborted);
            return drop == Drop.None ? (logged with { Status = 200 }, AwsResponse.Of(answer)) : (logged with { Error = "dropped" }, null);
        }
        catch (AwsException exception)
        {
            return (logged with { Status = exception.Status, Error = exception.Code }, AwsResponse.Of(exception, service, requestId));
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            return (logged with { Error = "the client went away" }, null);
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            // A fault of the stand-in itself: said to the caller in full, since nobody else looks.
            var failure = new AwsException("InternalFailureException", 500, exception.ToString());
            return (logged with { Status = failure.Status, Error = exception.GetType().Name }, AwsResponse.Of(failure, service, requestId));
        }
    }

    private AwsCall MakeCall(
        HttpContext context,
        LoggedCall logged,
        string accessKeyId,
        string requestId,
        Operation operation,
        IReadOnlyDictionary<string, string> labels,
        byte[] body
    ) =>
        new()
        {
            State = standIn.Region(logged.Region),
            StandIn = standIn,
            AccessKeyId = accessKeyId,
            RequestId = requestId,
            Now = timeProvider.GetUtcNow(),
            Labels = labels,
            Query = AwsCall.ParseQuery(logged.Query, operation),
            Header = name => context.Request.Headers.TryGetValue(name, out var value) ? value.ToString() : null,
            Payload = body,
            Body = AwsCall.ParseBody(body, operation),
            Spend = other =>
            {
                switches.CallersPermissions?.Demand(other, logged.Region);
                if (!limits.TryTake(logged.Region, other))
                {
                    throw AwsException.Throttling(operation.Service);
                }
            },
        };

    private async Task<(AwsAnswer Answer, Drop Drop)> RunAsync(Operation operation, AwsCall call, CancellationToken cancellationToken)
    {
        using var underWay = inFlight.Enter(operation, call);
        var admitted = limits.TryTake(call.State.Region, operation.Name, call.Labels.GetValueOrDefault("thingName"));
        if (switches.Latency is { Ticks: > 0 } latency)
        {
            await Task.Delay(latency, timeProvider, cancellationToken);
        }

        switches.CallersPermissions?.Demand(operation, call);
        if (!admitted)
        {
            throw AwsException.Throttling(operation.Service);
        }

        if (switches.TakeFailure(operation.Name) is { } failure)
        {
            throw failure;
        }

        var drop = switches.TakeDrop(operation.Name);
        if (drop == Drop.BeforeTheChange)
        {
            return (AwsAnswer.None, drop);
        }

        lock (call.State.Gate)
        {
            try
            {
                return (operation.Handle(call), drop);
            }
            finally
            {
                afterOperation?.Invoke(call.State);
            }
        }
    }
}

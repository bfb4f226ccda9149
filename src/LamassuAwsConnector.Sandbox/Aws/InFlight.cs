namespace LamassuAwsConnector.Sandbox.Aws;

/// <summary>Counts what is under way at once, for the refusals that depend on it.</summary>
internal sealed class InFlight
{
    // https://docs.aws.amazon.com/iot/latest/developerguide/device-shadow-error-messages.html
    private const int ShadowRequestsOfOneThing = 10;

    private readonly Lock gate = new();

    private readonly Dictionary<string, int> counts = new(StringComparer.Ordinal);

    /// <summary>Dispose of the result when the request is over.</summary>
    /// <exception cref="AwsException">Too many at once.</exception>
    public IDisposable Enter(Operation operation, AwsCall call)
    {
        if (operation.Name == "RegisterThing")
        {
            var thing = RegisterThing.Plan(call).ThingName;
            return Enter($"{call.State.Region} thing {thing}", 1, () => Assumptions.ThingBeingProvisioned(thing));
        }

        return operation.Service == AwsService.IotData && call.Labels.GetValueOrDefault("thingName") is { } name
            ? Enter($"{call.State.Region} shadow {name}", ShadowRequestsOfOneThing, () => AwsException.Throttling(AwsService.IotData))
            : new Leave(() => { });
    }

    private Leave Enter(string key, int most, Func<AwsException> refuse)
    {
        lock (gate)
        {
            var count = counts.GetValueOrDefault(key);
            counts[key] = count < most ? count + 1 : throw refuse();
        }

        return new Leave(() => Exit(key));
    }

    private void Exit(string key)
    {
        lock (gate)
        {
            if (--counts[key] == 0)
            {
                counts.Remove(key);
            }
        }
    }

    private sealed class Leave(Action leave) : IDisposable
    {
        public void Dispose() => leave();
    }
}

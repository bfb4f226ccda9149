using System.Text.RegularExpressions;

namespace LamassuAwsConnector.Sandbox.Lamassu;

/// <summary>What goes wrong on purpose. Each fault is used up after as many requests as it says.</summary>
internal sealed class LamassuFaults
{
    private readonly Lock gate = new();
    private readonly List<(LamassuFault Fault, int Left)> faults = [];
    private readonly List<(LamassuKind Kind, string Id, Func<CancellationToken, Task> Action)> modifications = [];
    private TaskCompletionSource? reactionGate;

    /// <summary>The next requests that fit fail.</summary>
    public void Add(LamassuFault fault)
    {
        lock (gate)
        {
            faults.Add((fault, fault.Times));
        }
    }

    /// <summary>
    /// Another writer between the read and the write of the next update of one object: whatever it saves in that row is overwritten. Runs once.
    /// </summary>
    public void BetweenReadAndWrite(LamassuKind kind, string id, Func<CancellationToken, Task> action)
    {
        lock (gate)
        {
            modifications.Add((kind, id, action));
        }
    }

    /// <summary>The Device Manager keeps its reactions to certificate events back until what is returned is disposed: it was stopped, or is slow.</summary>
    public IDisposable HoldReactions()
    {
        lock (gate)
        {
            reactionGate ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        }

        return new Release(this);
    }

    public void Clear()
    {
        lock (gate)
        {
            faults.Clear();
            modifications.Clear();
        }

        LetReactionsGo();
    }

    internal LamassuFault? Take(string service, string method, string path)
    {
        lock (gate)
        {
            var index = faults.FindIndex(entry => entry.Fault.Fits(service, method, path));
            if (index < 0)
            {
                return null;
            }

            var (fault, left) = faults[index];
            if (left > 1)
            {
                faults[index] = (fault, left - 1);
            }
            else
            {
                faults.RemoveAt(index);
            }

            return fault;
        }
    }

    internal async Task RunModificationAsync(LamassuKind kind, string id, CancellationToken cancellationToken)
    {
        Func<CancellationToken, Task> action;
        lock (gate)
        {
            var index = modifications.FindIndex(entry => entry.Kind == kind && entry.Id == id);
            if (index < 0)
            {
                return;
            }

            action = modifications[index].Action;
            modifications.RemoveAt(index);
        }

        await action(cancellationToken);
    }

    internal Task ReactionsAllowedAsync()
    {
        lock (gate)
        {
            return reactionGate?.Task ?? Task.CompletedTask;
        }
    }

    private void LetReactionsGo()
    {
        TaskCompletionSource? held;
        lock (gate)
        {
            held = reactionGate;
            reactionGate = null;
        }

        held?.TrySetResult();
    }

    private sealed class Release(LamassuFaults faults) : IDisposable
    {
        public void Dispose() => faults.LetReactionsGo();
    }
}

/// <summary>One fault. Without <see cref="Status"/>, <see cref="Drop"/> or <see cref="Delay"/> it is the 500 <c>{}</c> that says nothing.</summary>
internal sealed record LamassuFault
{
    /// <summary><c>ca</c>, <c>device-manager</c> or <c>dms-manager</c>; null: any.</summary>
    public string? Service { get; init; }

    public string? Method { get; init; }

    /// <summary>Path without query and gateway prefix; <c>*</c> stands for any text.</summary>
    public string Path { get; init; } = "*";

    /// <summary>For how many requests.</summary>
    public int Times { get; init; } = 1;

    public int? Status { get; init; }

    public string Body { get; init; } = "{}";

    /// <summary>The connection is closed in place of an answer.</summary>
    public bool Drop { get; init; }

    /// <summary>The request is carried out, events included, before it fails.</summary>
    public bool AfterWrite { get; init; }

    /// <summary>
    /// Waits before the request is carried out. If nothing else is asked for, the answer is then the usual one, unless the server's write timeout has
    /// passed: then the connection is closed although all was done.
    /// </summary>
    public TimeSpan Delay { get; init; }

    /// <summary>Whether the answer is replaced, and not only late.</summary>
    internal bool Fails => Status is not null || Drop || Delay == TimeSpan.Zero;

    internal bool Fits(string service, string method, string path) =>
        (Service is null || Service == service)
        && (Method is null || Method.Equals(method, StringComparison.OrdinalIgnoreCase))
        && Regex.IsMatch(path, $"^{Regex.Escape(Path).Replace("\\*", ".*", StringComparison.Ordinal)}$", RegexOptions.CultureInvariant);
}

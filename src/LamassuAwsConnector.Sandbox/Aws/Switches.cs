namespace LamassuAwsConnector.Sandbox.Aws;

internal enum Drop
{
    None,
    BeforeTheChange,
    AfterTheChange,
}

/// <summary>What goes wrong on purpose: delays, failures, broken connections.</summary>
internal sealed class Switches
{
    public const string AnyOperation = "*";

    private readonly Lock gate = new();

    private readonly List<(string Operation, int After, AwsException Error)> failures = [];

    private readonly List<(string Operation, Drop Drop)> drops = [];

    private long latencyTicks;

    private volatile Permissions? callersPermissions;

    private volatile Permissions? provisioningRole;

    /// <summary>What IAM allows those who call; null: everything.</summary>
    public Permissions? CallersPermissions
    {
        get => callersPermissions;
        set => callersPermissions = value;
    }

    /// <summary>What IAM allows AWS when it provisions a device at its first connection; null: everything.</summary>
    public Permissions? ProvisioningRole
    {
        get => provisioningRole;
        set => provisioningRole = value;
    }

    /// <summary>Between the arrival of a request and its effect.</summary>
    public TimeSpan Latency
    {
        get => TimeSpan.FromTicks(Interlocked.Read(ref latencyTicks));
        set => Interlocked.Exchange(ref latencyTicks, value.Ticks);
    }

    /// <param name="after">So many calls of the operation still pass.</param>
    public void AddFailures(string operation, int count, int after, AwsException error)
    {
        lock (gate)
        {
            failures.Add((operation, after, error));
            failures.AddRange(Enumerable.Repeat((operation, 0, error), count - 1));
        }
    }

    public void ClearFailures()
    {
        lock (gate)
        {
            failures.Clear();
        }
    }

    public void AddDrops(string operation, int count, Drop drop)
    {
        lock (gate)
        {
            drops.AddRange(Enumerable.Repeat((operation, drop), count));
        }
    }

    public AwsException? TakeFailure(string operation)
    {
        lock (gate)
        {
            var index = failures.FindIndex(failure => Concerns(failure.Operation, operation));
            if (index >= 0 && failures[index].After > 0)
            {
                failures[index] = failures[index] with { After = failures[index].After - 1 };
                return null;
            }

            return Take(failures, index).Error;
        }
    }

    public Drop TakeDrop(string operation)
    {
        lock (gate)
        {
            return Take(drops, drops.FindIndex(drop => Concerns(drop.Operation, operation))).Drop;
        }
    }

    public void Reset()
    {
        lock (gate)
        {
            failures.Clear();
            drops.Clear();
            Latency = TimeSpan.Zero;
            CallersPermissions = null;
            ProvisioningRole = null;
        }
    }

    private static bool Concerns(string name, string operation) => name == AnyOperation || name == operation;

    private static T? Take<T>(List<T> list, int index)
    {
        if (index < 0)
        {
            return default;
        }

        var taken = list[index];
        list.RemoveAt(index);
        return taken;
    }
}

namespace LamassuAwsConnector.Tests.Infrastructure;

/// <summary>Variables belong to the whole process, so tests that set some run while no other does.</summary>
[CollectionDefinition(nameof(ProcessEnvironment), DisableParallelization = true)]
public sealed class ProcessEnvironment;

/// <summary>Variables of the process, until they are disposed of. null: the variable is not there.</summary>
internal sealed class EnvironmentVariables : IDisposable
{
    private readonly List<(string Name, string? Value)> before = [];

    public EnvironmentVariables(params IEnumerable<(string Name, string? Value)> values)
    {
        foreach (var (name, value) in values)
        {
            before.Add((name, Environment.GetEnvironmentVariable(name)));
            Environment.SetEnvironmentVariable(name, value);
        }
    }

    public void Dispose() => before.ForEach(variable => Environment.SetEnvironmentVariable(variable.Name, variable.Value));
}

using System.Text.Json;
using LamassuAwsConnector.Tests.Infrastructure;

namespace LamassuAwsConnector.Tests.Containers;

/// <summary>A Dockerfile's instructions, line continuations joined. Those of the last stage are what the container has.</summary>
internal sealed class Dockerfile
{
    private readonly List<(string Instruction, string Arguments)> instructions;

    private Dockerfile(IEnumerable<(string Instruction, string Arguments)> instructions) => this.instructions = [.. instructions];

    public IReadOnlyList<string> BaseImages => [.. All("FROM").Select(rest => rest.Split(' ')[0])];

    /// <summary>What is copied from the repository, all stages.</summary>
    public IReadOnlyList<string> Sources =>
        [.. All("COPY").Where(rest => !rest.StartsWith("--from", StringComparison.Ordinal)).SelectMany(rest => rest.Split(' ').SkipLast(1))];

    public IReadOnlyList<string> Runs => [.. All("RUN")];

    public IReadOnlyDictionary<string, string> Environment => LastStage("ENV")
        .SelectMany(rest => rest.Split(' ')).Select(pair => pair.Split('=', 2)).ToDictionary(pair => pair[0], pair => pair[1]);

    public IReadOnlyList<string> Exposed => [.. LastStage("EXPOSE").SelectMany(rest => rest.Split(' '))];

    public string? User => LastStage("USER").LastOrDefault();

    public IReadOnlyList<string> Entrypoint => JsonSerializer.Deserialize<string[]>(LastStage("ENTRYPOINT").Single())!;

    public IReadOnlyList<string> HealthTest
    {
        get
        {
            var check = LastStage("HEALTHCHECK").Single();
            return JsonSerializer.Deserialize<string[]>(check[(check.IndexOf(" CMD ", StringComparison.Ordinal) + 5)..])!;
        }
    }

    public static Dockerfile Read(string path)
    {
        var lines = File.ReadAllText(Path.Combine(TestFolders.Repository, path)).Replace("\\\n", " ", StringComparison.Ordinal).Split('\n');
        return new Dockerfile(lines.Where(line => line.Length > 0 && line[0] != '#').Select(line => line.Split(' ', 2)).Select(parts => (parts[0], parts[1].Trim())));
    }

    private IEnumerable<string> All(string instruction) => instructions.Where(line => line.Instruction == instruction).Select(line => line.Arguments);

    private IEnumerable<string> LastStage(string instruction) =>
        instructions.Skip(instructions.FindLastIndex(line => line.Instruction == "FROM")).Where(line => line.Instruction == instruction).Select(line => line.Arguments);
}

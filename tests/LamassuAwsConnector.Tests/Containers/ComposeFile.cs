using LamassuAwsConnector.Tests.Infrastructure;
using YamlDotNet.Core;
using YamlDotNet.Serialization;

namespace LamassuAwsConnector.Tests.Containers;

/// <summary>The compose file of the repository, as far as the tests need it.</summary>
internal sealed class ComposeFile
{
    [YamlMember(Alias = "services")]
    public Dictionary<string, ComposeService> Services { get; init; } = [];

    [YamlMember(Alias = "volumes")]
    public Dictionary<string, object?> Volumes { get; init; } = [];

    public static ComposeFile Read()
    {
        // A misspelt member is none that is known, unless it is one that the tests don't look at.
        var text = File.ReadAllText(Path.Combine(TestFolders.Repository, "docker-compose.yml"));
        return new DeserializerBuilder().IgnoreUnmatchedProperties().Build()
            .Deserialize<ComposeFile>(new MergingParser(new Parser(new StringReader(text))));
    }
}

internal sealed class ComposeService
{
    [YamlMember(Alias = "image")]
    public string? Image { get; init; }

    [YamlMember(Alias = "build")]
    public ComposeBuild? Build { get; init; }

    [YamlMember(Alias = "command")]
    public List<string> Command { get; init; } = [];

    [YamlMember(Alias = "environment")]
    public Dictionary<string, string> Environment { get; init; } = [];

    [YamlMember(Alias = "ports")]
    public List<string> Ports { get; init; } = [];

    [YamlMember(Alias = "volumes")]
    public List<string> Volumes { get; init; } = [];

    [YamlMember(Alias = "healthcheck")]
    public ComposeHealthcheck? Healthcheck { get; init; }

    [YamlMember(Alias = "depends_on")]
    public Dictionary<string, ComposeDependency> DependsOn { get; init; } = [];

    [YamlMember(Alias = "user")]
    public string? User { get; init; }

    [YamlMember(Alias = "read_only")]
    public bool ReadOnly { get; init; }

    [YamlMember(Alias = "cap_drop")]
    public List<string> CapDrop { get; init; } = [];

    [YamlMember(Alias = "security_opt")]
    public List<string> SecurityOpt { get; init; } = [];

    /// <summary>What asks whether it is well: the compose file's word, else the image's. Arguments of a process, without Docker's CMD.</summary>
    public IReadOnlyList<string> HealthTest => Healthcheck is { Test: ["CMD", .. var test] } ? test : Dockerfile?.HealthTest ?? [];

    /// <summary>null: the image is not built here.</summary>
    public Dockerfile? Dockerfile => Build is { } build ? Dockerfile.Read(build.Dockerfile) : null;
}

internal sealed class ComposeBuild
{
    [YamlMember(Alias = "context")]
    public string Context { get; init; } = "";

    [YamlMember(Alias = "dockerfile")]
    public string Dockerfile { get; init; } = "";
}

internal sealed class ComposeHealthcheck
{
    [YamlMember(Alias = "test")]
    public List<string> Test { get; init; } = [];
}

internal sealed class ComposeDependency
{
    [YamlMember(Alias = "condition")]
    public string Condition { get; init; } = "";
}

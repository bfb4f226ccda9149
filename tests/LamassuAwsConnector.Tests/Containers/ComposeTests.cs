using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using LamassuAwsConnector.Api;
using LamassuAwsConnector.Api.Configuration;
using LamassuAwsConnector.Tests.Infrastructure;
using YamlDotNet.RepresentationModel;

namespace LamassuAwsConnector.Tests.Containers;

/// <summary>Compose file, Dockerfiles, Prometheus's and Grafana's files fit together and to what is here. <see cref="ComposeRunTests"/> runs it.</summary>
public sealed partial class ComposeTests
{
    // Read by .NET, ASP.NET Core and OpenTelemetry, not by the connector.
    private static readonly string[] Foreign = ["DOTNET_", "ASPNETCORE_", "OTEL_"];

    private static readonly ComposeFile Compose = ComposeFile.Read();

    private static IEnumerable<(string Name, ComposeService Service)> Ours =>
        Compose.Services.Where(entry => entry.Value.Build is not null).Select(entry => (entry.Key, entry.Value));

    [Fact]
    public void There_are_a_broker_stand_ins_the_connector_and_its_watchers() => Assert.Equal(
        ["connector", "grafana", "prometheus", "rabbitmq", "stand-ins", "telemetry"], Compose.Services.Keys.Order(StringComparer.Ordinal));

    [Fact]
    public void What_is_mounted_and_copied_exists_and_reaches_the_build()
    {
        var ignored = File.ReadLines(Full(".dockerignore")).Select(line => line.TrimEnd('/')).ToList();
        var mounted = Compose.Services.Values.SelectMany(service => service.Volumes).Select(volume => volume.Split(':')[0]).ToList();
        var copied = Ours.SelectMany(ours => ours.Service.Dockerfile!.Sources).ToList();

        Assert.NotEmpty(copied);
        Assert.All(mounted, source => Assert.True(source[0] == '.' ? Exists(source) : Compose.Volumes.ContainsKey(source), source));
        Assert.All(copied, source => Assert.True(Exists(source), source));
        Assert.All(copied, source => Assert.DoesNotContain(source.Split('/')[0], ignored));
    }

    [Fact]
    public void Each_project_that_an_image_is_built_from_is_copied_before_it_is_restored() => Assert.All(Ours, ours =>
    {
        var dockerfile = ours.Service.Dockerfile!;
        var project = BuiltProject().Match(dockerfile.Runs[^1]).Groups["project"].Value;

        Assert.Equal([.. ProjectsOf(project).Order(StringComparer.Ordinal)], dockerfile.Sources.Where(source => source.EndsWith(".csproj", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        Assert.All(ProjectsOf(project), file => Assert.Contains(dockerfile.Sources, source => file.StartsWith($"{source}/", StringComparison.Ordinal)));
        Assert.Equal(["dotnet", $"{Path.GetFileName(project)}.dll"], dockerfile.Entrypoint);
    });

    [Fact]
    public void Each_image_is_pinned_to_a_release_and_the_SDK_is_the_one_that_the_repository_asks_for()
    {
        var images = Compose.Services.Values.Where(service => service.Image is not null).Select(service => service.Image!)
            .Concat(Ours.SelectMany(ours => ours.Service.Dockerfile!.BaseImages)).ToList();

        Assert.All(images, image => Assert.Matches(@":v?\d+\.\d+\.\d+(-[a-z]+)?$", image));
        var asked = Version.Parse(JsonNode.Parse(File.ReadAllText(Full("global.json")))!["sdk"]!["version"]!.GetValue<string>());
        Assert.All(images.Where(image => image.Contains("/sdk:", StringComparison.Ordinal)), image =>
        {
            var sdk = Version.Parse(image.Split(':')[1]);
            Assert.Equal((asked.Major, asked.Minor, asked.Build / 100), (sdk.Major, sdk.Minor, sdk.Build / 100));
            Assert.True(sdk >= asked, image);
        });
    }

    [Fact]
    public void What_is_ours_runs_as_nobody_in_particular_writes_nowhere_and_may_nothing() => Assert.All(Ours, ours =>
    {
        Assert.Equal("$APP_UID", ours.Service.Dockerfile!.User);
        Assert.Equal("1654:1654", ours.Service.User);
        Assert.True(ours.Service.ReadOnly);
        Assert.Equal(["ALL"], ours.Service.CapDrop);
        Assert.Contains("no-new-privileges:true", ours.Service.SecurityOpt);
        Assert.Equal("0", ours.Service.Dockerfile.Environment["DOTNET_EnableDiagnostics"]);
        Assert.DoesNotContain(ours.Service.Dockerfile.Runs, run => run.Contains("apt-get", StringComparison.Ordinal));
    });

    [Fact]
    public void Ports_are_published_on_this_machine_alone_each_once_and_ours_are_those_of_the_image()
    {
        var published = Compose.Services.SelectMany(entry => entry.Value.Ports.Select(port => (Service: entry.Value, Parts: port.Split(':')))).ToList();

        Assert.All(published, port => Assert.Equal("127.0.0.1", port.Parts[0]));
        Assert.Equal(published.Count, published.Select(port => port.Parts[1]).Distinct().Count());
        Assert.All(published.Where(port => port.Service.Build is not null), port => Assert.Contains(port.Parts[2], port.Service.Dockerfile!.Exposed));
        Assert.Equal("8085", Assert.Single(Compose.Services["connector"].Dockerfile!.Exposed));
        Assert.Equal("8085", Compose.Services["connector"].Dockerfile!.Environment["ASPNETCORE_HTTP_PORTS"]);
    }

    [Fact]
    public void Who_waits_for_another_waits_until_it_is_well()
    {
        var waits = Compose.Services.SelectMany(entry => entry.Value.DependsOn).ToList();

        Assert.NotEmpty(waits);
        Assert.All(waits, wait => Assert.Equal("service_healthy", wait.Value.Condition));
        Assert.All(waits, wait => Assert.NotEmpty(Compose.Services[wait.Key].HealthTest));
        Assert.Equal(["rabbitmq", "stand-ins"], Compose.Services["connector"].DependsOn.Keys.Order(StringComparer.Ordinal));
    }

    [Fact]
    public void Each_variable_of_the_connector_is_one_of_its_options()
    {
        var asked = Compose.Services["connector"].Environment.Keys
            .Where(name => !Foreign.Any(prefix => name.StartsWith(prefix, StringComparison.Ordinal))).Select(name => name.Replace("__", ":", StringComparison.Ordinal)).ToList();

        Assert.True(asked.Count > 10, $"{asked.Count} options");
        Assert.All(asked, option => Assert.Contains(option, ConfigurationSchema.Options.Select(known => known.Key), StringComparer.OrdinalIgnoreCase));
    }

    [Fact]
    public async Task The_connector_takes_its_variables_for_a_valid_configuration()
    {
        var settings = Compose.Services["connector"].Environment.ToDictionary(pair => pair.Key.Replace("__", ":", StringComparison.Ordinal), pair => (string?)pair.Value);

        await using var app = ConnectorApplication.Build([], settings);
    }

    [Fact]
    public void Whoever_is_named_as_a_host_is_a_service()
    {
        var texts = Compose.Services.Values.SelectMany(service => service.Environment.Values.Concat(service.Command))
            .Concat(Compose.Services["connector"].Environment.Where(pair => pair.Key.EndsWith("__HOSTNAME", StringComparison.Ordinal)).Select(pair => $"amqp://{pair.Value}"))
            .Append(DataSource()["url"].ToString()).Concat(Targets().Select(target => $"http://{target}"));

        var hosts = texts.Select(text => Host().Match(text)).Where(match => match.Success).Select(match => match.Groups["host"].Value).ToList();

        Assert.Contains("rabbitmq", hosts);
        Assert.All(hosts, host => Assert.Contains(host, Compose.Services.Keys));
        var standIns = Compose.Services["stand-ins"].Command;
        Assert.Equal("stand-ins", standIns[standIns.IndexOf("--public-host") + 1]);
    }

    [Fact]
    public void Prometheus_scrapes_the_connector_at_the_port_where_it_is()
    {
        var target = Assert.Single(Targets()).Split(':');

        Assert.Equal("connector", target[0]);
        Assert.Contains(target[1], Compose.Services[target[0]].Dockerfile!.Exposed);
        Assert.Equal("true", Compose.Services["connector"].Environment["METRICS__OPEN"]);
        Assert.Contains(Compose.Services["prometheus"].Volumes, volume => volume.StartsWith("./deploy/prometheus:/etc/prometheus", StringComparison.Ordinal));
    }

    [Fact]
    public void Grafana_has_the_data_source_that_the_dashboard_asks_for_and_finds_the_dashboard()
    {
        var dashboard = JsonNode.Parse(File.ReadAllText(Full("deploy/grafana/lamassu-aws-connector.json")))!;
        var variable = Assert.Single(dashboard["templating"]!["list"]!.AsArray(), entry => (string?)entry!["type"] == "datasource")!;

        // The dashboard chooses the default one of its type; nothing in it names one by its uid.
        Assert.Equal((string?)variable["query"], DataSource()["type"].ToString());
        Assert.Equal("true", DataSource()["isDefault"].ToString());
        Assert.All(DataSourcesIn(dashboard), uid => Assert.Equal($"${{{(string?)variable["name"]}}}", uid));
        var folder = Yaml("deploy/grafana/provisioning/dashboards/lamassu.yml")["providers"][0]["options"]["path"].ToString();
        Assert.Contains(Compose.Services["grafana"].Volumes, volume => volume.Split(':')[1].StartsWith($"{folder}/", StringComparison.Ordinal));
        Assert.Contains(Compose.Services["grafana"].Volumes, volume => volume.StartsWith("./deploy/grafana/provisioning:/etc/grafana/provisioning", StringComparison.Ordinal));
    }

    private static IEnumerable<string> DataSourcesIn(JsonNode? node) => node switch
    {
        JsonObject value => value.Where(member => member is { Key: "datasource", Value: JsonObject }).Select(member => (string)member.Value!["uid"]!)
            .Concat(value.SelectMany(member => DataSourcesIn(member.Value))),
        JsonArray items => items.SelectMany(DataSourcesIn),
        _ => [],
    };

    private static List<string> Targets() =>
    [
        .. from job in (YamlSequenceNode)Yaml("deploy/prometheus/prometheus.yml")["scrape_configs"]
           from targets in (YamlSequenceNode)job["static_configs"]
           from target in (YamlSequenceNode)targets["targets"]
           select target.ToString(),
    ];

    private static YamlNode DataSource() => Yaml("deploy/grafana/provisioning/datasources/prometheus.yml")["datasources"][0];

    private static IEnumerable<string> ProjectsOf(string project)
    {
        var file = $"{project}/{Path.GetFileName(project)}.csproj";
        return ProjectReference().Matches(File.ReadAllText(Full(file))).Select(match => match.Groups["project"].Value)
            .SelectMany(name => ProjectsOf($"src/{name}")).Append(file).Distinct();
    }

    private static YamlNode Yaml(string path)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(Full(path))));
        return yaml.Documents[0].RootNode;
    }

    private static bool Exists(string path) => File.Exists(Full(path)) || Directory.Exists(Full(path));

    private static string Full(string path) => Path.Combine(TestFolders.Repository, path);

    [GeneratedRegex(@"^(https?|amqps?)://([^@/]*@)?(?<host>[^:/]+)")]
    private static partial Regex Host();

    [GeneratedRegex(@"dotnet publish (?<project>\S+)")]
    private static partial Regex BuiltProject();

    [GeneratedRegex("<ProjectReference Include=\"[^\"]*/(?<project>[^\"/]+)\\.csproj\"")]
    private static partial Regex ProjectReference();
}

using Amazon;
using Amazon.Extensions.NETCore.Setup;
using Amazon.IoT;
using Amazon.IoT.Model;
using Amazon.IotData;
using Amazon.IotData.Model;
using Amazon.Runtime;
using LamassuAwsConnector.Tests.Infrastructure;
using Microsoft.Extensions.DependencyInjection;

namespace LamassuAwsConnector.Tests.AwsIot;

[Collection(nameof(ProcessEnvironment))]
public sealed class ClientConfigurationTests
{
    [Fact]
    public async Task The_endpoint_variables_of_each_service_are_obeyed()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var control = await RecordingServer.StartAsync(cancellationToken);
        await using var data = await RecordingServer.StartAsync(cancellationToken);
        using var variables = new EnvironmentVariables(("AWS_ENDPOINT_URL_IOT", control.Url), ("AWS_ENDPOINT_URL_IOT_DATA_PLANE", data.Url), ("AWS_REGION", "us-west-2"));
        using var iot = new AmazonIoTClient(
            AwsClients.Credentials, new AmazonIoTConfig { RegionEndpoint = RegionEndpoint.EUWest1, AuthenticationRegion = "eu-west-1" });
        using var iotData = new AmazonIotDataClient(AwsClients.Credentials, new AmazonIotDataConfig { AuthenticationRegion = "eu-west-1" });

        await iot.DescribeThingAsync(new DescribeThingRequest { ThingName = "device-0001" }, cancellationToken);
        await iotData.GetThingShadowAsync(new GetThingShadowRequest { ThingName = "device-0001" }, cancellationToken);

        Assert.Equal(("/things/device-0001", "iot", "eu-west-1"), Sent(control));
        Assert.Equal(("/things/device-0001/shadow", "iotdata", "eu-west-1"), Sent(data));
    }

    [Fact]
    public async Task A_client_with_a_configuration_alone_takes_the_credentials_that_the_SDK_finds()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await RecordingServer.StartAsync(cancellationToken);
        using var iot = new AmazonIoTClient(
            new AmazonIoTConfig { ServiceURL = server.Url, AuthenticationRegion = "eu-west-1", DefaultAWSCredentials = AwsClients.Credentials });

        await iot.DescribeThingAsync(new DescribeThingRequest { ThingName = "device-0001" }, cancellationToken);

        Assert.Equal(("/things/device-0001", "iot", "eu-west-1"), Sent(server));
        Assert.Equal(AwsClients.AccessKeyId, SignatureV4.Parse(server.Requests[0]).AccessKeyId);
    }

    [Fact]
    public async Task Both_services_are_registered_by_their_interfaces()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await RecordingServer.StartAsync(cancellationToken);
        var options = new AWSOptions { Credentials = AwsClients.Credentials };
        options.DefaultClientConfig.ServiceURL = server.Url;
        options.DefaultClientConfig.AuthenticationRegion = "eu-west-1";
        await using var services = new ServiceCollection()
            .AddDefaultAWSOptions(options)
            .AddAWSService<IAmazonIoT>()
            .AddAWSService<IAmazonIotData>()
            .BuildServiceProvider();

        await services.GetRequiredService<IAmazonIoT>().GetPolicyAsync(new GetPolicyRequest { PolicyName = "my-policy" }, cancellationToken);
        await services.GetRequiredService<IAmazonIotData>().GetConnectionAsync(new GetConnectionRequest { ClientId = "device-0001" }, cancellationToken);

        Assert.Equal(["/policies/my-policy", "/connections/device-0001"], server.Requests.Select(request => request.Path));
        Assert.All(server.Requests, request => Assert.Equal("eu-west-1", SignatureV4.Parse(request).Region));
    }

    [Fact]
    public async Task The_data_client_takes_the_account_endpoint_as_a_URL()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await RecordingServer.StartAsync(cancellationToken);
        using var variables = new EnvironmentVariables(("AWS_REGION", "us-west-2"));
        using var withCredentials = new AmazonIotDataClient(server.Url, AwsClients.Credentials);
        using var withKeys = new AmazonIotDataClient(AwsClients.AccessKeyId, AwsClients.SecretAccessKey, server.Url);

        await withCredentials.GetThingShadowAsync(new GetThingShadowRequest { ThingName = "a" }, cancellationToken);
        await withKeys.GetThingShadowAsync(new GetThingShadowRequest { ThingName = "b" }, cancellationToken);

        Assert.Equal(["/things/a/shadow", "/things/b/shadow"], server.Requests.Select(request => request.Path));
    }

    [Theory]
    [InlineData(null, "https://iot.eu-west-1.amazonaws.com", "https://data-ats.iot.eu-west-1.amazonaws.com")]
    [InlineData("https://a1-ats.iot.eu-west-1.amazonaws.com", "https://a1-ats.iot.eu-west-1.amazonaws.com", "https://a1-ats.iot.eu-west-1.amazonaws.com")]
    public async Task Requests_are_signed_for_the_Region_of_their_host(string? url, string control, string data)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        var sent = new SentRequests();
        using var iot = new AmazonIoTClient(AwsClients.Credentials, Configure(new AmazonIoTConfig()));
        using var iotData = new AmazonIotDataClient(AwsClients.Credentials, Configure(new AmazonIotDataConfig()));

        await iot.DescribeThingAsync(new DescribeThingRequest { ThingName = "a" }, cancellationToken);
        await iotData.GetThingShadowAsync(new GetThingShadowRequest { ThingName = "a" }, cancellationToken);

        Assert.Equal([control + "/things/a", data + "/things/a/shadow"], sent.Requests.Select(request => request.RequestUri!.AbsoluteUri));
        Assert.Contains("/eu-west-1/iot/aws4_request", sent.Requests[0].Headers.GetValues("authorization").Single(), StringComparison.Ordinal);
        Assert.Contains("/eu-west-1/iotdata/aws4_request", sent.Requests[1].Headers.GetValues("authorization").Single(), StringComparison.Ordinal);

        T Configure<T>(T config)
            where T : ClientConfig
        {
            config.HttpClientFactory = sent;
            if (url is null)
            {
                config.RegionEndpoint = RegionEndpoint.EUWest1;
            }
            else
            {
                config.ServiceURL = url;
            }

            return config;
        }
    }

    [Fact]
    public async Task Collections_of_version_3_are_empty_at_first_and_then_not_sent()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await RecordingServer.StartAsync(cancellationToken);
        using var clients = new AwsClients(server);
        AWSConfigs.InitializeCollections = true;
        try
        {
            var response = await clients.IoT.RegisterThingAsync(new RegisterThingRequest { TemplateBody = "{}" }, cancellationToken);

            Assert.Empty(response.ResourceArns!);
            Assert.Equal("""{"templateBody":"{}"}"""u8, server.Requests[0].Body);
        }
        finally
        {
            AWSConfigs.InitializeCollections = false;
        }
    }

    private static (string Path, string Service, string Region) Sent(RecordingServer server)
    {
        var request = Assert.Single(server.Requests);
        var signature = SignatureV4.Parse(request);
        return (request.Path, signature.Service, signature.Region);
    }

    /// <summary>Takes the place of the network, so that the real host names can be seen.</summary>
    private sealed class SentRequests : HttpClientFactory
    {
        public List<HttpRequestMessage> Requests { get; } = [];

        public override HttpClient CreateHttpClient(IClientConfig clientConfig) => new(new Handler(Requests));

        public override bool UseSDKHttpClientCaching(IClientConfig clientConfig) => false;

        private sealed class Handler(List<HttpRequestMessage> requests) : HttpMessageHandler
        {
            protected override Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
            {
                requests.Add(request);
                return Task.FromResult(new HttpResponseMessage { Content = new StringContent("{}") });
            }
        }
    }
}

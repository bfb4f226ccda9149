using System.Net;
using System.Text;
using Amazon;
using Amazon.IoT;
using Amazon.IoT.Model;
using Amazon.IotData;
using Amazon.IotData.Model;
using Amazon.Runtime;

namespace LamassuAwsConnector.Tests.AwsIot;

/// <summary>Retries, cancellation and the other behaviour that callers rest on.</summary>
public sealed class ClientBehaviourTests
{
    [Theory]
    [InlineData(400, "ThrottlingException")]
    [InlineData(500, "InternalFailureException")]
    public async Task A_control_plane_call_is_tried_again(int status, string code)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await RecordingServer.StartAsync(cancellationToken);
        using var clients = new AwsClients(server);
        server.RespondWith(Answer.Error(status, code), new Answer(200, """{"thingName":"device-0001"}"""));

        var response = await clients.IoT.DescribeThingAsync(new DescribeThingRequest { ThingName = "device-0001" }, cancellationToken);

        Assert.Equal("device-0001", response.ThingName);
        Assert.Equal(2, server.Requests.Count);
    }

    [Theory]
    [InlineData(429, "ThrottlingException")]
    [InlineData(503, "ServiceUnavailableException")]
    public async Task A_data_plane_call_is_tried_again_with_the_same_payload(int status, string code)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await RecordingServer.StartAsync(cancellationToken);
        using var clients = new AwsClients(server);
        server.RespondWith(Answer.Error(status, code), new Answer(200, """{"version":8}"""));
        var payload = """{"state":{"desired":{"identity_actions":["rotate"]}}}"""u8.ToArray();

        var response = await clients.IotData.UpdateThingShadowAsync(
            new UpdateThingShadowRequest { ThingName = "device-0001", Payload = new MemoryStream(payload) }, cancellationToken);

        Assert.Equal("""{"version":8}""", Encoding.UTF8.GetString(response.Payload!.ToArray()));
        Assert.Equal([payload, payload], server.Requests.Select(request => request.Body));
    }

    [Fact]
    public async Task Throttling_without_end_is_given_up_after_three_attempts()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await RecordingServer.StartAsync(cancellationToken);
        using var clients = new AwsClients(server);
        server.RespondWith(Answer.Error(400, "ThrottlingException"));

        var exception = await Assert.ThrowsAsync<Amazon.IoT.Model.ThrottlingException>(
            () => clients.IoT.DescribeThingAsync(new DescribeThingRequest { ThingName = "device-0001" }, cancellationToken));

        Assert.Equal(HttpStatusCode.BadRequest, exception.StatusCode);
        Assert.Equal(3, server.Requests.Count);
    }

    [Theory]
    [InlineData(409, "ConflictingResourceUpdateException")]
    [InlineData(404, "ResourceNotFoundException")]
    [InlineData(403, "AccessDeniedException")]
    public async Task An_error_that_a_repeat_does_not_heal_is_not_repeated(int status, string code)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await RecordingServer.StartAsync(cancellationToken);
        using var clients = new AwsClients(server);
        server.RespondWith(Answer.Error(status, code));

        var exception = await Assert.ThrowsAnyAsync<AmazonIoTException>(
            () => clients.IoT.RegisterThingAsync(new RegisterThingRequest { TemplateBody = "{}" }, cancellationToken));

        Assert.Equal(code, exception.ErrorCode);
        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_cancelled_call_ends_while_the_service_is_silent()
    {
        await using var server = await RecordingServer.StartAsync(TestContext.Current.CancellationToken);
        using var clients = new AwsClients(server);
        using var cancellation = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        server.Respond = async (_, aborted) =>
        {
            await cancellation.CancelAsync();
            await Task.Delay(Timeout.Infinite, aborted);
            throw new InvalidOperationException("never reached");
        };

        await Assert.ThrowsAnyAsync<OperationCanceledException>(
            () => clients.IoT.GetPolicyAsync(new GetPolicyRequest { PolicyName = "my-policy" }, cancellation.Token));

        Assert.Single(server.Requests);
    }

    [Fact]
    public async Task A_missing_label_is_refused_before_anything_is_sent()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await RecordingServer.StartAsync(cancellationToken);
        using var clients = new AwsClients(server);

        var exception = await Assert.ThrowsAsync<AmazonIoTException>(() => clients.IoT.DescribeThingAsync(new DescribeThingRequest(), cancellationToken));
        await Assert.ThrowsAsync<AmazonIotDataException>(() => clients.IotData.DeleteConnectionAsync(new DeleteConnectionRequest(), cancellationToken));

        Assert.Equal("Request object does not have required field ThingName set", exception.Message);
        Assert.Empty(server.Requests);
    }

    [Fact]
    public async Task Answers_without_members_may_be_empty_and_an_empty_shadow_leaves_the_payload_null()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await RecordingServer.StartAsync(cancellationToken);
        using var clients = new AwsClients(server);
        server.RespondWith(new Answer(200));

        var detached = await clients.IoT.DetachThingPrincipalAsync(new DetachThingPrincipalRequest { ThingName = "a", Principal = "b" }, cancellationToken);
        var shadow = await clients.IotData.GetThingShadowAsync(new GetThingShadowRequest { ThingName = "a" }, cancellationToken);
        var principals = await clients.IoT.ListThingPrincipalsAsync(new ListThingPrincipalsRequest { ThingName = "a" }, cancellationToken);

        Assert.Equal(HttpStatusCode.OK, detached.HttpStatusCode);
        Assert.Null(shadow.Payload);
        Assert.Null(principals.Principals);
    }

    [Theory]
    [InlineData("")]
    [InlineData("[]")]
    [InlineData("""{"message":"m","resourceArn":5}""")]
    [InlineData("<html>")]
    public async Task An_error_told_in_the_header_stands_whatever_the_body_is(string body)
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await RecordingServer.StartAsync(cancellationToken);
        using var clients = new AwsClients(server);
        server.RespondWith(new Answer(409, body, new Dictionary<string, string> { ["x-amzn-errortype"] = "ResourceAlreadyExistsException" }));

        var exception = await Assert.ThrowsAnyAsync<AmazonIoTException>(
            () => clients.IoT.CreatePolicyAsync(new CreatePolicyRequest { PolicyName = "p", PolicyDocument = "{}" }, cancellationToken));

        Assert.Equal(HttpStatusCode.Conflict, exception.StatusCode);
        Assert.Null((exception as ResourceAlreadyExistsException)?.ResourceArn);
    }

    [Fact]
    public async Task An_answer_that_is_no_JSON_is_an_error()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await RecordingServer.StartAsync(cancellationToken);
        using var clients = new AwsClients(server, retries: 0);
        server.RespondWith(new Answer(200, "<html>captive portal</html>"));

        await Assert.ThrowsAnyAsync<AmazonUnmarshallingException>(
            () => clients.IoT.DescribeThingAsync(new DescribeThingRequest { ThingName = "a" }, cancellationToken));
    }

    [Fact]
    public async Task A_body_cannot_set_what_belongs_to_the_transport()
    {
        var cancellationToken = TestContext.Current.CancellationToken;
        await using var server = await RecordingServer.StartAsync(cancellationToken);
        using var clients = new AwsClients(server);
        server.RespondWith(new Answer(200, """{"httpStatusCode":"odd","contentLength":{},"responseMetadata":7,"endpointAddress":"a.example"}"""));

        var response = await clients.IoT.DescribeEndpointAsync(new DescribeEndpointRequest { EndpointType = "iot:Data-ATS" }, cancellationToken);

        Assert.Equal("a.example", response.EndpointAddress);
        Assert.Equal(HttpStatusCode.OK, response.HttpStatusCode);
    }

    [Theory]
    [InlineData("us-east-1", "https://iot.us-east-1.amazonaws.com", "https://data-ats.iot.us-east-1.amazonaws.com")]
    [InlineData("cn-north-1", "https://iot.cn-north-1.amazonaws.com.cn", "https://data.ats.iot.cn-north-1.amazonaws.com.cn")]
    [InlineData("us-gov-west-1", "https://iot.us-gov-west-1.amazonaws.com", "https://data-ats.iot.us-gov-west-1.amazonaws.com")]
    public void A_Region_has_its_hosts(string region, string control, string data)
    {
        var credentials = AwsClients.Credentials;
        using var iot = new AmazonIoTClient(credentials, RegionEndpoint.GetBySystemName(region));
        using var iotData = new AmazonIotDataClient(credentials, new AmazonIotDataConfig { RegionEndpoint = RegionEndpoint.GetBySystemName(region) });

        Assert.Equal(control, iot.DetermineServiceOperationEndpoint(new DescribeThingRequest()).URL);
        Assert.Equal(data, iotData.DetermineServiceOperationEndpoint(new GetThingShadowRequest()).URL);
    }

    [Fact]
    public void Fips_and_dual_stack_have_hosts_of_their_own_and_exclude_a_configured_URL()
    {
        var credentials = AwsClients.Credentials;
        using var fips = new AmazonIoTClient(credentials, new AmazonIoTConfig { RegionEndpoint = RegionEndpoint.USEast1, UseFIPSEndpoint = true });
        using var dualStack = new AmazonIoTClient(credentials, new AmazonIoTConfig { RegionEndpoint = RegionEndpoint.USEast1, UseDualstackEndpoint = true });
        using var both = new AmazonIoTClient(credentials, new AmazonIoTConfig { ServiceURL = "https://aws.example", UseFIPSEndpoint = true });

        Assert.Equal("https://iot-fips.us-east-1.amazonaws.com", fips.DetermineServiceOperationEndpoint(new DescribeThingRequest()).URL);
        Assert.Equal("https://iot.us-east-1.api.aws", dualStack.DetermineServiceOperationEndpoint(new DescribeThingRequest()).URL);
        Assert.Throws<AmazonClientException>(() => both.DetermineServiceOperationEndpoint(new DescribeThingRequest()));
    }

    [Fact]
    public void Enumerations_compare_by_value_and_keep_unknown_ones()
    {
        CertificateStatus known = "ACTIVE";
        CertificateStatus unknown = "SOMETHING_NEW";

        Assert.Same(CertificateStatus.ACTIVE, known);
        Assert.Equal(CertificateStatus.REVOKED, new CertificateStatus("REVOKED"));
        Assert.Equal("SOMETHING_NEW", unknown.Value);
        Assert.True(unknown != CertificateStatus.ACTIVE);
    }
}
